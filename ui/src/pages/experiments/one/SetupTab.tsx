import { Card } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { CopyButton, Mark, Moment } from "@/components/page";
import { ConditionText } from "@/pages/audiences/conditions/ConditionText";
import { useRefName } from "@/query/subjects";
import { useFigures } from "@/results/figures";
import { useProject } from "@/session/session";
import { SharesBar } from "../common/Marks";
import { useLayers } from "../common/queries";
import type { Experiment, Figure, Measure, Metric, Span } from "../common/types";
import type { Selector } from "@/query/types";
import { Exposing } from "./Exposing";

/** What was declared. */
export function SetupTab({ experiment }: { experiment: Experiment }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { id: project_id } = useProject();
  const refName = useRefName();
  const layers = useLayers();
  const { plan } = experiment;
  const layer = layers.data?.find((each) => each.id === plan.layer_id);
  const slots = experiment.slots;
  const rows: [string, ReactNode][] = [
    [t("experiments.form.hypothesis"), experiment.hypothesis || t("common.none")],
    [t("experiments.form.source"), `${t(`experiments.form.sources.${plan.source.kind}`)}`],
    [t("experiments.form.eligible"), plan.eligible ? <ConditionText key="c" condition={plan.eligible} /> : t("experiments.form.everyone")],
    [t("experiments.form.traffic"), `${plan.traffic}%`],
    [t("experiments.form.layer"), layer ? <Link to={`/p/${project_id}/experiments?tab=layers`}>{layer.name}{slots ? ` (${(slots[0] ?? 0) / 1e4}–${(slots[1] ?? 0) / 1e4}%)` : ""}</Link> : t("experiments.form.noLayer")],
    [t("experiments.form.holdout"), t(plan.respects_holdout ? "common.yes" : "common.no")],
    [t("experiments.form.looks"), t(`experiments.form.lookKinds.${plan.bandit ? "once" : plan.looks}`)],
    [t("experiments.form.confidence"), figures.percent(plan.confidence)],
    [t("experiments.form.expected"), figures.number(plan.expected_people)],
    [t("experiments.form.correction"), t(`experiments.form.corrections.${plan.correction}`)],
    [t("experiments.form.preDays"), figures.number(plan.pre_days)],
    [t("experiments.form.segments"), plan.segments.length ? plan.segments.map(refName).join(", ") : t("common.none")],
    ...(plan.bandit ? ([[t("experiments.form.bandit"), `${t("experiments.form.every")} ${plan.bandit.every_hours} · ${t("experiments.form.least")} ${figures.percent(plan.bandit.least_share)}`]] as [string, ReactNode][]) : []),
    ["Salt", <span key="s"><code>{experiment.salt}</code> <CopyButton text={experiment.salt} label="Salt" /></span>],
    ["ID", <span key="i"><code>{experiment.id}</code> <CopyButton text={experiment.id} label="ID" /></span>],
    [t("experiments.owner"), <span key="o">{experiment.created_by.name} · <Moment at={experiment.created_at} /></span>],
  ];
  return (
    <div className="stack" style={{ gap: 16 }}>
      <Exposing experiment={experiment} />
      <div className="two-columns">
        <div className="stack" style={{ gap: 16 }}>
          <Card size="small" title={t("experiments.form.variants")}>
            <div className="stack">
              <SharesBar shares={experiment.shares} />
              {plan.variants.map((variant) => (
                <div key={variant.key} className="row">
                  <strong>{variant.key}</strong> <span>{variant.name}</span> <span className="figure">{figures.percent(experiment.shares[variant.key])}</span>
                  {variant.key === plan.control && <Mark tone="quiet">{t("experiments.control")}</Mark>}
                </div>
              ))}
            </div>
          </Card>
          <Card size="small" title={t("experiments.form.metrics")}>
            <div className="stack" style={{ gap: 14 }}>
              {plan.metrics.map((metric) => (
                <MetricText key={metric.key} metric={metric} />
              ))}
            </div>
          </Card>
        </div>
        <Card size="small" title={t("experiments.form.reading")}>
          <dl className="setup-list">
            {rows.map(([name, value]) => (
              <div key={name} style={{ display: "contents" }}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </Card>
      </div>
    </div>
  );
}

function MetricText({ metric }: { metric: Metric }) {
  const { t } = useTranslation();
  const measured = useMeasureText();
  const span = useSpanText();
  return (
    <div>
      <div className="row" style={{ gap: 6 }}>
        <strong>{metric.name}</strong>
        <Mark tone={metric.role === "primary" ? "busy" : "quiet"}>{t(`experiments.form.roles.${metric.role}`)}</Mark>
        <span style={{ fontSize: 13 }}>{t(`experiments.form.betters.${metric.better}`)}</span>
      </div>
      <div style={{ fontSize: 13.5, opacity: 0.9 }}>
        {measured(metric.measure)} · {t("experiments.form.window")}: {metric.measure.kind === "retention" ? `${t("experiments.form.day")} ${metric.measure.day}, ${t("experiments.form.days")} ${metric.measure.days}` : metric.window ? span(metric.window) : t("experiments.form.untilStopped")}
        {metric.role === "guard_rail" && ` · ${t("experiments.form.margin")} ${metric.margin * 100}%`}
      </div>
    </div>
  );
}

function useSpanText(): (span: Span) => string {
  const { t } = useTranslation();
  return (span) => `${span.count} ${t(`experiments.form.units.${span.unit}`)}`;
}

/** A measure as a short phrase. */
function useMeasureText(): (measure: Measure) => string {
  const { t } = useTranslation();
  const named = (selector: Selector) => selector.events?.join(" / ") || t("insights.anyEvent");
  const figure = (each: Figure) => (each.property ? `Σ ${each.property.name} (${named(each.event)})` : `# ${named(each.event)}`);
  return (measure) => {
    const kind = t(`experiments.form.kinds.${measure.kind}`);
    switch (measure.kind) {
      case "proportion":
        return `${kind}: ${named(measure.event)}${(measure.times ?? 1) > 1 ? ` ≥ ${measure.times}` : ""}`;
      case "retention":
        return `${kind}: ${named(measure.event)}`;
      case "mean":
        return `${kind}: ${figure(measure.figure)}${measure.cap_percentile ? ` · ≤ P${measure.cap_percentile}` : measure.cap ? ` · ≤ ${measure.cap}` : ""}`;
      case "quantile":
        return `${kind} P${measure.percentile}: ${figure(measure.figure)}`;
      case "ratio":
        return `${kind}: ${figure(measure.numerator)} ÷ ${figure(measure.denominator)}`;
      case "funnel":
        return `${kind}: ${measure.steps.map(named).join(" → ")}`;
    }
  };
}
