import { eventText, windowText, type Words } from "../conditions/sentence";
import type { Cuts, Definition, PredictionTag, ScoreTag } from "./types";

/** What is told of a definition: a name, and what it is. */
export type Row = [string, string | number];

/** What is to be foretold. */
export function predictionRows({ kind, active, purchase, horizon_days, label, positive }: PredictionTag, words: Words): Row[] {
  const { t } = words;
  return [
    [t("tagging.kind"), t(`studies.predictions.kinds.${kind}`)],
    ...(active ? [[t("studies.predictions.active"), eventText(active, words)] as Row] : []),
    ...(purchase ? [[t("studies.predictions.purchase"), eventText(purchase, words)] as Row] : []),
    ...(label ? [[t("studies.predictions.label"), `${label.name} = ${positive}`] as Row] : []),
    ...(horizon_days ? [[t("studies.predictions.horizon"), horizon_days] as Row] : []),
  ];
}

/** What a tag is computed of, that is not rules, SQL or values by hand. */
export function rowsOf(definition: Exclude<Definition, { kind: "rule" | "sql" | "manual" | "activity_tier" }>, words: Words): Row[] {
  const { t } = words;
  const window = "window" in definition ? windowText(definition.window, words).trim() || t("conditions.windows.ever") : "";
  switch (definition.kind) {
    case "statistic":
      return [
        [t("tagging.editor.event"), eventText(definition.event, words)],
        [t("tagging.editor.window"), window],
        [t("tagging.editor.aggregate"), [t(`tagging.editor.aggregates.${definition.aggregate}`), definition.property?.name].filter(Boolean).join(" · ")],
        ...(definition.bins ? [[t("tagging.editor.binned"), [definition.bins.bounds.join(", "), definition.bins.names?.join(", ")].filter(Boolean).join(" → ")] as Row] : []),
      ];
    case "rfm":
      return [
        [t("tagging.editor.event"), eventText(definition.event, words)],
        [t("tagging.editor.revenue"), definition.revenue?.name ?? t("common.none")],
        [t("tagging.editor.window"), window],
        [t("tagging.editor.cuts.recency"), cutsText(definition.recency_cuts, words)],
        [t("tagging.editor.cuts.frequency"), `${t(`tagging.editor.frequencies.${definition.frequency}`)} · ${cutsText(definition.frequency_cuts, words)}`],
        [t("tagging.editor.cuts.monetary"), `${t(`tagging.editor.monetaries.${definition.monetary}`)} · ${cutsText(definition.monetary_cuts, words)}`],
      ];
    case "stages":
      return [
        [t("tagging.editor.active"), eventText(definition.active, words)],
        [t("tagging.editor.dormantAfter"), definition.dormant_after_days],
        [t("tagging.editor.lostAfter"), definition.lost_after_days],
        [t("tagging.editor.newDays"), definition.new_days],
        [t("tagging.editor.activityWindow"), definition.window_days],
        [t("tagging.editor.growingFrom"), definition.growing_from],
        [t("tagging.editor.matureFrom"), definition.mature_from],
      ];
    case "activity_score":
      return scoreRows(definition, words);
  }
}

function cutsText(cuts: Cuts, { t }: Words): string {
  const kind = t(`tagging.editor.cutKinds.${cuts.kind}`);
  if (cuts.kind === "quantile") return `${kind}, ${t("tagging.editor.scores", { count: cuts.scores })}`;
  return cuts.kind === "fixed" ? `${kind}: ${cuts.cuts.join(", ")}` : kind;
}

/** What a score is made of. */
export function scoreRows(score: ScoreTag, words: Words): Row[] {
  const { t, number } = words;
  const total = score.parts.reduce((sum, part) => sum + part.weight, 0);
  return [
    [t("tagging.editor.window"), windowText(score.window, words).trim() || t("conditions.windows.ever")],
    ...score.parts.map((part): Row => [part.name, `${t("tagging.editor.points", { points: number(Math.round((1000 * part.weight) / total) / 10) })} · ${eventText(part.event, words)}`]),
    [t("tagging.editor.tiers"), `${score.tiers.cuts.join(", ")} → ${score.tiers.names.join(", ")}`],
  ];
}
