import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Chart } from "./Chart";
import { type Figures, useFigures, useGroupName } from "./figures";
import { MapView } from "./MapView";
import { Clickable, Table } from "./Table";
import { grid } from "./trendOption";
import type { SpreadResult, ViewProps } from "./types";


/** The names of the ranges that bounds cut. */
export function rangeNames(bounds: readonly number[], show: (bound: number) => string): string[] {
  const named = bounds.slice(0, -1).map((bound, at) => `${show(bound)} – ${show(bounds[at + 1] as number)}`);
  const [first, last] = [bounds[0], bounds[bounds.length - 1]];
  return first === undefined || last === undefined ? [] : [`< ${show(first)}`, ...named, `≥ ${show(last)}`];
}

/** Numbers of people or of times between events: a histogram, or boxes from percentile to percentile. */
export function SpreadView({ result, chart, height, onSelect, small }: ViewProps<SpreadResult>) {
  const { t } = useTranslation();
  const figures = useFigures();
  const groupName = useGroupName();
  const show = result.kind === "intervals" ? figures.duration : figures.number;
  const names = rangeNames(result.bounds, show);
  const option = useMemo(
    () => (chart === "box" ? boxes(result, show, groupName) : histogram(result, names, figures, groupName)),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [result, chart, figures],
  );
  const mapped = chart === "map" && result.groups.every((group) => group.breakdown.length === 1);
  const rows = result.groups.flatMap((group) => [group.whole, ...group.buckets].map((spread) => ({ group, spread })));
  return (
    <div className="stack">
      {mapped && (
        <MapView
          title={t("insights.measures.people")}
          height={height}
          rows={result.groups.flatMap(({ breakdown, whole }) => {
            const [region] = breakdown;
            return !region || region.other ? [] : [{ value: region.value ?? null, amount: whole.people, onClick: onSelect && (() => onSelect({ bucket: null, breakdown }, groupName(breakdown))) }];
          })}
        />
      )}
      {chart !== "table" && !mapped && (
        <Chart
          option={option}
          height={height}
          label={t(`insights.kinds.${result.kind}`)}
          onPick={
            onSelect && chart !== "box"
              ? ({ seriesIndex, dataIndex }) => {
                  const group = result.groups[seriesIndex];
                  if (group) onSelect({ range: dataIndex, breakdown: group.breakdown }, `${groupName(group.breakdown)} · ${names[dataIndex] ?? ""}`);
                }
              : undefined
          }
        />
      )}
      {!small && (
        <Table
          rows={rows}
          keyOf={({ group, spread }) => `${JSON.stringify(group.breakdown)}${spread.bucket ?? ""}`}
          columns={[
            { title: t("insights.group"), key: "group", show: ({ group }) => groupName(group.breakdown), fixed: true },
            { title: t("insights.interval"), key: "bucket", show: ({ spread }) => spread.bucket ?? t("insights.wholePeriod") },
            {
              title: t("insights.measures.people"),
              key: "people",
              numeric: true,
              by: ({ spread }) => spread.people,
              show: ({ group, spread }) => <Clickable onClick={onSelect && (() => onSelect({ bucket: spread.bucket, breakdown: group.breakdown }, groupName(group.breakdown)))}>{figures.number(spread.people)}</Clickable>,
            },
            { title: t("insights.mean"), key: "mean", numeric: true, by: ({ spread }) => spread.mean ?? null, show: ({ spread }) => show(spread.mean) },
            ...result.percentiles.map((percentile, at) => ({
              title: `P${percentile}`,
              key: `p${percentile}`,
              numeric: true,
              show: ({ spread }: (typeof rows)[number]) => show(spread.percentiles[at] as number | null),
            })),
            { title: t("insights.aggregates.max"), key: "max", numeric: true, show: ({ spread }) => show(spread.maximum) },
          ]}
        />
      )}
    </div>
  );
}

function histogram(result: SpreadResult, names: string[], figures: Figures, groupName: ReturnType<typeof useGroupName>) {
  return {
    grid: grid(result.groups.length > 1),
    legend: { type: "scroll", top: 0, show: result.groups.length > 1 },
    tooltip: { trigger: "axis", confine: true, valueFormatter: (value: unknown) => figures.number(value as number) },
    xAxis: { type: "category", data: names, axisLabel: { interval: 0, rotate: names.length > 8 ? 30 : 0 } },
    yAxis: { type: "value", axisLabel: { formatter: (value: number) => figures.compact(value) } },
    series: result.groups.map((group) => ({ type: "bar", barCategoryGap: "10%", name: groupName(group.breakdown), data: group.whole.ranges })),
  };
}

function boxes(result: SpreadResult, show: (value: number | null) => string, groupName: ReturnType<typeof useGroupName>) {
  const several = result.groups.length > 1;
  const spreads = result.groups.flatMap((group) => {
    const parts = !several && group.buckets.length ? group.buckets : [group.whole];
    return parts.map((spread) => ({ name: several ? groupName(group.breakdown) : (spread.bucket ?? groupName(group.breakdown)), spread }));
  });
  const middle = (spread: (typeof spreads)[number]["spread"], wanted: number) => {
    const at = result.percentiles.findIndex((percentile) => percentile >= wanted);
    return spread.percentiles[at < 0 ? spread.percentiles.length - 1 : at] ?? null;
  };
  return {
    grid: grid(false),
    tooltip: { trigger: "item", confine: true },
    xAxis: { type: "category", data: spreads.map((each) => each.name) },
    yAxis: { type: "value", axisLabel: { formatter: (value: number) => show(value) } },
    series: [{ type: "boxplot", data: spreads.map(({ spread }) => [middle(spread, 10), middle(spread, 25), middle(spread, 50), middle(spread, 75), middle(spread, 90)]) }],
  };
}
