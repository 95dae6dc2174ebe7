import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Chart, type Picked } from "./Chart";
import { useFigures, useGroupName } from "./figures";
import { Clickable, Table } from "./Table";
import { grid } from "./trendOption";
import type { LifecycleResult, StickinessResult, ViewProps } from "./types";

const STAGES = [
  { stage: "new", color: "#2d9cdb" },
  { stage: "returning", color: "#18b5a4" },
  { stage: "resurrected", color: "#9b51e0" },
  { stage: "dormant", color: "#f2994a" },
] as const;

/** New, returning and resurrected people above the line, dormant ones below it. */
export function LifecycleView({ result, chart, height, onSelect, small }: ViewProps<LifecycleResult>) {
  const { t } = useTranslation();
  const figures = useFigures();
  const groupName = useGroupName();
  const names = STAGES.map(({ stage }) => t(`insights.stages.${stage}`));
  const pick = (group: LifecycleResult["groups"][number], bucket: string, stage: string, name: string) =>
    onSelect?.({ bucket, stage, breakdown: group.breakdown }, `${groupName(group.breakdown)} · ${figures.bucket(bucket, result.interval)} · ${name}`);
  return (
    <div className="stack">
      {result.groups.map((group) => (
        <section key={JSON.stringify(group.breakdown)} className="stack">
          {result.groups.length > 1 && <strong>{groupName(group.breakdown)}</strong>}
          {chart !== "table" && (
            <Chart
              height={height}
              label={t("insights.kinds.lifecycle")}
              onPick={
                onSelect &&
                (({ seriesIndex, dataIndex }: Picked) => {
                  const unit = group.units[dataIndex];
                  const stage = STAGES[seriesIndex];
                  if (unit && stage) pick(group, unit.bucket, stage.stage, names[seriesIndex] ?? "");
                })
              }
              option={{
                grid: grid(true),
                legend: { top: 0 },
                tooltip: { trigger: "axis", confine: true, valueFormatter: (value: unknown) => figures.number(Math.abs(value as number)) },
                xAxis: { type: "category", data: group.units.map((unit) => figures.bucket(unit.bucket, result.interval)) },
                yAxis: { type: "value", axisLabel: { formatter: (value: number) => figures.compact(Math.abs(value)) } },
                series: STAGES.map(({ stage, color }, place) => ({
                  type: "bar",
                  stack: "all",
                  name: names[place],
                  itemStyle: { color },
                  data: group.units.map((unit) => (stage === "dormant" ? -unit[stage] : unit[stage])),
                })),
              }}
            />
          )}
          {!small && (
            <Table
              rows={group.units}
              keyOf={(unit) => unit.bucket}
              columns={[
                { title: t("insights.interval"), key: "bucket", show: (unit) => figures.bucket(unit.bucket, result.interval), by: (unit) => unit.bucket },
                ...STAGES.map(({ stage }, place) => ({
                  title: names[place],
                  key: stage,
                  numeric: true,
                  by: (unit: (typeof group.units)[number]) => unit[stage],
                  show: (unit: (typeof group.units)[number]) => <Clickable onClick={onSelect && (() => pick(group, unit.bucket, stage, names[place] ?? ""))}>{figures.number(unit[stage])}</Clickable>,
                })),
              ]}
            />
          )}
        </section>
      ))}
    </div>
  );
}

/** How many people were active in how many units of a span. */
export function StickinessView({ result, chart, height, onSelect, small }: ViewProps<StickinessResult>) {
  const { t } = useTranslation();
  const figures = useFigures();
  const groupName = useGroupName();
  // The one under way has few units yet.
  const last = (group: StickinessResult["groups"][number]) => group.spans.findLast((span) => span.complete) ?? group.spans.at(-1);
  const most = Math.max(0, ...result.groups.flatMap((group) => group.spans.map((span) => span.exactly.length)));
  const units = Array.from({ length: most }, (_, at) => at + 1);
  const option = useMemo(
    () => ({
      grid: grid(result.groups.length > 1),
      legend: { type: "scroll", top: 0, show: result.groups.length > 1 },
      tooltip: { trigger: "axis", confine: true, valueFormatter: (value: unknown) => figures.number(value as number) },
      xAxis: { type: "category", data: units },
      yAxis: { type: "value" },
      series: result.groups.map((group) => ({ type: "bar", name: groupName(group.breakdown), data: last(group)?.exactly ?? [] })),
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [result, figures],
  );
  const pick = (group: StickinessResult["groups"][number], at: number) =>
    onSelect?.({ bucket: last(group)?.bucket ?? null, units: at, breakdown: group.breakdown }, `${groupName(group.breakdown)} · ${at}`);
  const rows = result.groups.flatMap((group) => group.spans.map((span) => ({ group, span })));
  return (
    <div className="stack">
      {chart !== "table" && (
        <Chart
          option={option}
          height={height}
          label={t("insights.kinds.stickiness")}
          onPick={onSelect && (({ seriesIndex, dataIndex }) => result.groups[seriesIndex] && pick(result.groups[seriesIndex], dataIndex + 1))}
        />
      )}
      {!small && (
        <Table
          rows={rows}
          keyOf={({ group, span }) => `${JSON.stringify(group.breakdown)}${span.bucket ?? ""}`}
          columns={[
            { title: t("insights.group"), key: "group", show: ({ group }) => groupName(group.breakdown), fixed: true },
            { title: t("insights.interval"), key: "bucket", show: ({ span }) => span.bucket ?? t("insights.wholePeriod") },
            { title: t("insights.stickyRatio"), key: "ratio", numeric: true, show: ({ span }) => figures.percent(span.ratio), by: ({ span }) => span.ratio ?? null },
            { title: t("insights.meanUnits"), key: "mean", numeric: true, show: ({ span }) => figures.number(span.mean_units), by: ({ span }) => span.mean_units ?? null },
            ...units.slice(0, 40).map((at) => ({
              title: `≥ ${at}`,
              key: String(at),
              numeric: true,
              show: ({ group, span }: (typeof rows)[number]) => (
                <Clickable onClick={onSelect && span.at_least[at - 1] ? () => onSelect({ bucket: span.bucket, units: at, at_least: true, breakdown: group.breakdown }, `${groupName(group.breakdown)} · ≥ ${at}`) : undefined}>
                  {figures.number(span.at_least[at - 1] as number | undefined)}
                </Clickable>
              ),
            })),
          ]}
        />
      )}
    </div>
  );
}
