import { Card, Collapse, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CodeBlock, Mark } from "@/components/page";
import { useFigures } from "@/results/figures";
import { Intervals, type Row } from "../common/Intervals";
import type { Effect, MetricReading, Reading } from "../common/types";
import { useMetricFigures } from "../common/useMetricFigures";
import { chance } from "./ChecksCard";
import { GuardMark } from "./GuardMark";
import { SegmentsPart } from "./SegmentsPart";
import { WaysPart } from "./WaysPart";

interface Props {
  metric: MetricReading;
  reading: Reading;
  nameOf: (variant: string) => string;
  stopped: boolean;
}

/** A metric: what each variant has, and how far it is from the control. */
export function MetricCard({ metric, reading, nameOf, stopped }: Props) {
  const { t } = useTranslation();
  const [relative, setRelative] = useState(false);
  const show = useMetricFigures(metric.kind);
  const rows: Row[] = metric.effects.map((effect) => ({
    key: effect.variant,
    label: <strong>{nameOf(effect.variant)}</strong>,
    range: relative ? effect.relative : effect.difference,
    reason: effect.reason ? t(`experiments.reading.reasons.${effect.reason as "no_people"}`) : undefined,
    better: metric.better,
    extra: <P effect={effect} guard={metric.role === "guard_rail"} />,
  }));
  const more = [
    { key: "ways", label: t("experiments.reading.ways"), children: <WaysPart metric={metric} nameOf={nameOf} /> },
    ...(metric.segments?.length ? [{ key: "segments", label: t("experiments.form.segments"), children: <SegmentsPart metric={metric} nameOf={nameOf} /> }] : []),
    ...(metric.sql ? [{ key: "sql", label: t("experiments.reading.sql"), children: <CodeBlock code={metric.sql} label={t("experiments.reading.sql")} /> }] : []),
  ];
  return (
    <Card
      size="small"
      title={
        <span className="row" style={{ gap: 6 }}>
          {metric.name}
          <Mark tone={metric.role === "primary" ? "busy" : "quiet"}>{t(`experiments.form.roles.${metric.role}`)}</Mark>
          <span style={{ fontSize: 13, fontWeight: 400, opacity: 0.85 }}>
            {t(`experiments.form.kinds.${metric.kind as "mean"}`)} · {t(`experiments.form.betters.${metric.better}`)}
          </span>
        </span>
      }
      extra={
        <Segmented
          size="small"
          aria-label={t("experiments.reading.scale")}
          value={relative ? "relative" : "absolute"}
          options={(["absolute", "relative"] as const).map((value) => ({ value, label: t(`experiments.reading.${value}`) }))}
          onChange={(value) => setRelative(value === "relative")}
        />
      }
    >
      <div className="stack" style={{ gap: 14, opacity: stopped ? 0.75 : 1 }}>
        <Values metric={metric} nameOf={nameOf} control={reading.control} />
        <div className="wide-scroll">
          <Intervals rows={rows} kind={metric.kind} relative={relative} label={metric.name} />
        </div>
        {metric.effects.map((effect) => (
          <Notes key={effect.variant} effect={effect} metric={metric} nameOf={nameOf} show={show} />
        ))}
        <Collapse size="small" ghost items={more} />
      </div>
    </Card>
  );
}

function Values({ metric, nameOf, control }: { metric: MetricReading; nameOf: (variant: string) => string; control: string }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const show = useMetricFigures(metric.kind);
  return (
    <dl className="figures" aria-label={t("experiments.reading.value")} style={{ margin: 0 }}>
      {metric.figures.map((figure) => (
        <div key={figure.variant}>
          <dt>
            {nameOf(figure.variant)} {figure.variant === control && <small>({t("experiments.control")})</small>}
          </dt>
          <dd className="figure">
            {show.value(figure.estimate?.value)} <small style={{ fontSize: 12.5, fontWeight: 400 }}>{figures.number(figure.people)}</small>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function P({ effect, guard }: { effect: Effect; guard: boolean }) {
  const { t } = useTranslation();
  if (guard) return <GuardMark effect={effect} />;
  if (effect.p_value === null) return null;
  const corrected = effect.p_corrected !== null && effect.p_corrected !== effect.p_value;
  return (
    <span style={{ marginInlineStart: 10 }}>
      p {chance(effect.p_value)}
      {corrected && ` · ${t("experiments.reading.corrected")} ${chance(effect.p_corrected ?? 1)}`}
    </span>
  );
}

function Notes({ effect, metric, nameOf, show }: { effect: Effect; metric: MetricReading; nameOf: (variant: string) => string; show: ReturnType<typeof useMetricFigures> }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const told = [
    effect.incremental && t("experiments.reading.incremental", { value: figures.number(Math.round(effect.incremental.value * 100) / 100), low: figures.number(effect.incremental.low), high: figures.number(effect.incremental.high) }),
    effect.kept !== null && effect.kept < 0.995 && t("experiments.reading.kept", { share: figures.percent(1 - effect.kept) }),
    effect.chance_better != null && t("experiments.reading.chance", { chance: figures.percent(effect.chance_better) }) + (effect.loss != null ? `, ${t("experiments.reading.loss", { loss: show.difference(effect.loss).replace("+", "") })}` : ""),
  ].filter(Boolean);
  if (!told.length) return null;
  return (
    <span style={{ fontSize: 13 }}>
      {metric.effects.length > 1 && <strong>{nameOf(effect.variant)}: </strong>}
      {told.join(" · ")}
    </span>
  );
}
