import { Segmented } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Chart } from "./Chart";
import { useFigures, useGroupName } from "./figures";
import { HeatTable, type HeatRow } from "./HeatTable";
import { grid } from "./trendOption";
import type { RetentionResult, ViewProps } from "./types";

type Group = RetentionResult["groups"][number];
type Age = RetentionResult["columns"][number];

function ageName(age: Age): string {
  if (age.last === age.first) return String(age.first);
  return age.last == null ? `${age.first}+` : `${age.first}–${age.last}`;
}

/** Retention as a triangle with heat, and as curves. */
export function RetentionView({ result, chart, height, onSelect, small }: ViewProps<RetentionResult>) {
  const { t } = useTranslation();
  const figures = useFigures();
  const groupName = useGroupName();
  const [shown, setShown] = useState(0);
  const [by, setBy] = useState<"weighted" | "simple">("weighted");
  const group = result.groups[Math.min(shown, result.groups.length - 1)];
  const option = useMemo(
    () => ({
      grid: grid(result.groups.length > 1),
      tooltip: { trigger: "axis", confine: true, valueFormatter: (value: unknown) => figures.percent(value as number) },
      legend: { type: "scroll", top: 0, show: result.groups.length > 1 },
      xAxis: { type: "category", data: result.columns.map(ageName) },
      yAxis: { type: "value", axisLabel: { formatter: (value: number) => figures.percent(value) } },
      series: result.groups.map((each) => ({ type: "line", name: groupName(each.breakdown), data: by === "weighted" ? each.weighted_rates : each.simple_rates })),
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [result, by, figures],
  );
  if (!group) return null;
  const triangle = chart !== "curve";
  return (
    <div className="stack">
      <div className="row">
        <Segmented<"weighted" | "simple"> size="small" value={by} onChange={setBy} options={(["weighted", "simple"] as const).map((value) => ({ value, label: t(`insights.means.${value}`) }))} />
        {result.groups.length > 1 && triangle && <Segmented<number> size="small" value={shown} onChange={setShown} options={result.groups.map((each, place) => ({ value: place, label: groupName(each.breakdown) }))} />}
      </div>
      {(!triangle || !small) && <Chart option={option} height={triangle ? 220 : height} label={t("insights.kinds.retention")} />}
      {triangle && <Triangle result={result} group={group} by={by} onSelect={onSelect} />}
    </div>
  );
}

function Triangle({ result, group, by, onSelect }: { result: RetentionResult; group: Group; by: "weighted" | "simple"; onSelect?: ViewProps<RetentionResult>["onSelect"] }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const means = by === "weighted" ? group.weighted_rates : group.simple_rates;
  const heatOf = (rate: unknown, column: number) => (rate == null || (column === 0 && result.columns[0]?.first === 0) ? null : Math.sqrt(Number(rate)));
  const pick = (cohort: string | null, column: number | null, name: string) => onSelect && (() => onSelect({ cohort, column, breakdown: group.breakdown }, name));
  const rows: HeatRow[] = [
    {
      name: t(`insights.means.${by}`),
      size: figures.number(group.size),
      strong: true,
      onClick: pick(null, null, t("common.all")),
      cells: means.map((rate, column) => ({ text: figures.percent(rate as number | null), heat: heatOf(rate, column) })),
    },
    ...group.cohorts.map((cohort) => {
      const label = figures.bucket(cohort.cohort, result.interval);
      return {
        name: label,
        size: figures.number(cohort.size),
        onClick: pick(cohort.cohort, null, label),
        cells: cohort.rates.map((rate, column) => ({
          text: rate == null ? "" : figures.percent(rate as number),
          heat: heatOf(rate, column),
          incomplete: rate != null && cohort.complete[column] === false,
          title: cohort.people[column] == null ? undefined : `${figures.number(cohort.people[column] as number)} / ${figures.number(cohort.size)}`,
          onClick: rate == null ? undefined : pick(cohort.cohort, column, `${label} · ${ageName(result.columns[column] as Age)}`),
        })),
      };
    }),
  ];
  return (
    <>
      <HeatTable caption={t("insights.kinds.retention")} corner={[t("insights.cohort"), t("insights.measures.people")]} columns={result.columns.map(ageName)} rows={rows} />
      <small>{t("insights.incompleteHint")}</small>
    </>
  );
}
