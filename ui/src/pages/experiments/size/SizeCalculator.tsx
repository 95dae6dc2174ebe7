import { useQuery } from "@tanstack/react-query";
import { Button, Card, InputNumber, Select, Spin } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { Failure } from "@/components/Failure";
import { useAction } from "@/components/page";
import type { Condition } from "@/pages/audiences/conditions/types";
import { useSettled } from "@/pages/audiences/conditions/useEstimate";
import { Chart } from "@/results/Chart";
import { useFigures } from "@/results/figures";
import { useProject } from "@/session/session";
import { isShare, type Metric, type Plan } from "../common/types";
import { useMetricFigures } from "../common/useMetricFigures";
import { Field } from "../edit/MetricEditor";
import { isFinished } from "../edit/making";

type Baseline = Schemas["BaselineOutput"];
type Size = Schemas["SizeOutput"];

interface Known {
  value: number;
  deviation: number;
  kept: number;
  perDay: number;
}

/** How many people show which change: the baseline from the log or by hand, and a picture. */
export function SizeCalculator({ plan, eligible }: { plan: Plan; eligible: Condition | null }) {
  const { t } = useTranslation();
  const primary = plan.metrics.filter((each) => each.role === "primary");
  const [chosen, choose] = useState<string | null>(null);
  const metric = plan.metrics.find((each) => each.key === chosen) ?? primary[0] ?? plan.metrics[0];
  if (!metric) return null;
  return (
    <Card size="small" title={t("experiments.size.title")}>
      <div className="stack">
        <span style={{ fontSize: 13, opacity: 0.85 }}>{t("experiments.size.hint")}</span>
        {plan.metrics.length > 1 && (
          <Field label={t("experiments.size.metric")}>
            {() => <Select aria-label={t("experiments.size.metric")} value={metric.key} style={{ width: "100%" }} options={plan.metrics.map((each) => ({ value: each.key, label: each.name || each.key }))} onChange={choose} />}
          </Field>
        )}
        <OfMetric key={`${metric.key}-${isShare(metric.measure.kind)}`} metric={metric} plan={plan} eligible={eligible} />
      </div>
    </Card>
  );
}

function OfMetric({ metric, plan, eligible }: { metric: Metric; plan: Plan; eligible: Condition | null }) {
  const { t } = useTranslation();
  const share = isShare(metric.measure.kind);
  const [known, know] = useState<Known>({ value: share ? 0.1 : 10, deviation: 20, kept: 1, perDay: 500 });
  const [effect, setEffect] = useState(share ? 0.01 : 1);
  const [power, setPower] = useState(0.8);
  const [found, find] = useState<Baseline | null>(null);
  const { id: project_id } = useProject();
  const ask = useAction(() => taken(api.POST("/api/projects/{project_id}/experiments/baseline", { params: { path: { project_id } }, body: { metric: { ...metric, name: metric.name || "…" }, eligible: plan.eligible && eligible, pre_days: plan.pre_days } as never })), {
    onDone: (baseline) => {
      find(baseline);
      if (baseline.value === null || !baseline.people) return;
      know({ value: baseline.value, deviation: baseline.deviation || 1, kept: baseline.kept, perDay: Math.max(1, Math.round((baseline.people / baseline.days) * (plan.traffic / 100))) });
      const tenth = Math.abs(baseline.value) / 10;
      setEffect(share ? Math.max(0.001, Math.round(tenth * 1000) / 1000) : tenth || 1);
    },
  });
  const scaled = share ? 100 : 1;
  return (
    <div className="stack">
      <Button loading={ask.isPending} disabled={!isFinished(metric.measure)} onClick={() => ask.mutate()}>
        {t("experiments.size.ask")}
      </Button>
      {found && <Found baseline={found} kind={metric.measure.kind} />}
      <div className="metric-line">
        <Field label={t("experiments.size.baseline")}>{(id) => <InputNumber id={id} style={{ width: 120 }} suffix={share ? "%" : undefined} min={share ? 0 : undefined} max={share ? 100 : undefined} value={round(known.value * scaled)} onChange={(value) => know({ ...known, value: (value ?? 0) / scaled })} />}</Field>
        {!share && <Field label={t("experiments.size.deviation")}>{(id) => <InputNumber id={id} style={{ width: 120 }} min={0} value={round(known.deviation)} onChange={(deviation) => know({ ...known, deviation: deviation ?? 0 })} />}</Field>}
        <Field label={t(share ? "experiments.size.effectShare" : "experiments.size.effect")}>{(id) => <InputNumber id={id} style={{ width: 120 }} step={share ? 0.1 : 0.5} value={round(effect * scaled)} onChange={(value) => setEffect((value ?? 0) / scaled)} />}</Field>
        <Field label={t("experiments.size.perDay")}>{(id) => <InputNumber id={id} style={{ width: 110 }} min={1} precision={0} value={known.perDay} onChange={(perDay) => know({ ...known, perDay: perDay ?? 1 })} />}</Field>
        <Field label={t("experiments.size.power")}>{(id) => <InputNumber id={id} style={{ width: 80 }} min={10} max={99} suffix="%" value={Math.round(power * 100)} onChange={(percent) => setPower((percent ?? 80) / 100)} />}</Field>
      </div>
      <Answer plan={plan} metric={metric} known={known} effect={effect} power={power} />
    </div>
  );
}

function round(value: number): number {
  return Number(value.toPrecision(6));
}

function Found({ baseline, kind }: { baseline: Baseline; kind: string }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const show = useMetricFigures(kind);
  if (!baseline.people || baseline.value === null) return <span role="status">{t("experiments.size.foundNothing")}</span>;
  return (
    <span role="status" style={{ fontSize: 13 }}>
      {t("experiments.size.found", { days: baseline.days, people: figures.number(baseline.people), perDay: figures.number(Math.round(baseline.people / baseline.days)), value: show.value(baseline.value) })}{" "}
      {baseline.kept < 0.99 && t("experiments.size.kept", { share: figures.percent(1 - baseline.kept) })}
    </span>
  );
}

function Answer({ plan, metric, known, effect, power }: { plan: Plan; metric: Metric; known: Known; effect: number; power: number }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const show = useMetricFigures(metric.measure.kind);
  const { id: project_id } = useProject();
  const total = plan.variants.reduce((sum, each) => sum + each.weight, 0) || 1;
  const control = plan.variants.find((each) => each.key === plan.control)?.weight ?? 1;
  const treated = Math.min(...plan.variants.filter((each) => each.key !== plan.control).map((each) => each.weight), total);
  const comparisons = Math.max(1, plan.metrics.filter((each) => each.role === "primary").length * (plan.variants.length - 1));
  const body = useSettled({
    is_share: isShare(metric.measure.kind),
    value: known.value,
    deviation: known.deviation,
    kept: Math.max(0.01, known.kept),
    control_share: control / (control + treated),
    pair_share: Math.min(1, (control + treated) / total),
    comparisons: plan.correction === "none" ? 1 : comparisons,
    confidence: plan.confidence,
    power,
    looks: plan.bandit ? ("once" as const) : plan.looks,
    effect: effect || null,
    people: plan.expected_people,
  });
  const size = useQuery({
    queryKey: ["size", project_id, body],
    queryFn: ({ signal }) => taken(api.POST("/api/projects/{project_id}/experiments/size", { params: { path: { project_id } }, body, signal })),
    placeholderData: (before) => before,
    retry: false,
  });
  if (size.error) return <Failure error={size.error} small />;
  if (!size.data) return <Spin />;
  const { needed } = size.data;
  return (
    <div className="stack" style={{ gap: 6 }} aria-live="polite">
      <div className="figure" data-testid="needed" style={{ fontSize: 22, fontWeight: 650 }}>
        {needed !== null ? t("experiments.size.needed", { people: figures.number(needed) }) : t(effect ? "experiments.size.unreachable" : "experiments.size.neverNeeded")}
      </div>
      {needed !== null && <span className="figure">{t("experiments.size.neededDays", { days: figures.number(Math.ceil(needed / known.perDay)) })}</span>}
      <Picture size={size.data} effect={effect} show={show.difference} />
      <span style={{ fontSize: 12.5, opacity: 0.85 }}>
        {t("experiments.size.assumes", { confidence: figures.percent(plan.confidence), comparisons: body.comparisons, looks: t(`experiments.form.lookKinds.${body.looks}`) })}
      </span>
    </div>
  );
}

function Picture({ size, effect, show }: { size: Size; effect: number; show: (value: number | null | undefined) => string }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const option = useMemo(() => {
    const points = size.points.filter((each) => each.smallest !== null).map((each) => [each.people, each.smallest]);
    const needed = size.needed;
    return {
      grid: { left: 8, right: 24, top: 30, bottom: 24, containLabel: true },
      tooltip: { trigger: "axis", confine: true, valueFormatter: (value: unknown) => show(value as number) },
      xAxis: { type: "log", name: t("experiments.size.peopleAxis"), nameLocation: "middle", nameGap: 26, min: size.points[0]?.people, max: size.points.at(-1)?.people, axisLabel: { formatter: (value: number) => figures.compact(value), hideOverlap: true } },
      yAxis: { type: "value", name: t("experiments.size.smallest"), nameTextStyle: { align: "left" }, max: Math.abs(effect) > 0 ? Math.abs(effect) * 4 : undefined, axisLabel: { formatter: (value: number) => show(value) } },
      series: [
        {
          type: "line",
          name: t("experiments.size.smallest"),
          showSymbol: false,
          data: points,
          lineStyle: { width: 2.5 },
          areaStyle: { opacity: 0.08 },
          clip: true,
          markLine:
            needed !== null
              ? { silent: true, symbol: "none", lineStyle: { type: "dashed", color: "#1a8f4a" }, label: { formatter: figures.compact(needed), position: "insideEndTop", color: "inherit" }, data: [{ xAxis: needed }, { yAxis: Math.abs(effect), label: { formatter: show(Math.abs(effect)), position: "insideStartTop" } }] }
              : undefined,
        },
      ],
    };
  }, [size, effect, show, t, figures]);
  return <Chart option={option} height={230} label={t("experiments.size.pictureLabel")} />;
}
