import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Chart } from "./Chart";
import { useFigures, useGroupName } from "./figures";
import { HeatTable } from "./HeatTable";
import { Clickable, Table } from "./Table";
import { grid } from "./trendOption";
import type { AdoptionResult, CohortValueResult, CorrelationResult, EngagementResult, ViewProps } from "./types";

/** What a person of each cohort has been worth by each age. */
export function CohortValueView({ result, chart, height, onSelect, small }: ViewProps<CohortValueResult>) {
  const { t } = useTranslation();
  const figures = useFigures();
  const groupName = useGroupName();
  const ages = Math.max(0, ...result.groups.map((group) => group.value_per_person.length));
  const columns = Array.from({ length: ages }, (_, age) => String(age));
  const option = useMemo(
    () => ({
      grid: grid(result.groups.length > 1),
      legend: { type: "scroll", top: 0, show: result.groups.length > 1 },
      tooltip: { trigger: "axis", confine: true, valueFormatter: (value: unknown) => figures.number(value as number) },
      xAxis: { type: "category", data: columns },
      yAxis: { type: "value", axisLabel: { formatter: (value: number) => figures.compact(value) } },
      series: result.groups.map((group) => ({ type: "line", name: groupName(group.breakdown), data: group.value_per_person })),
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [result, figures],
  );
  return (
    <div className="stack">
      {chart !== "triangle" && <Chart option={option} height={height} label={t("insights.kinds.cohort_value")} />}
      {(!small || chart === "triangle") &&
        result.groups.map((group) => {
          const most = Math.max(1e-9, ...group.cohorts.flatMap((cohort) => cohort.value_per_person.map((value) => Number(value ?? 0))));
          return (
            <section key={JSON.stringify(group.breakdown)}>
              {result.groups.length > 1 && <strong>{groupName(group.breakdown)}</strong>}
              <HeatTable
                caption={t("insights.kinds.cohort_value")}
                corner={[t("insights.cohort"), t("insights.measures.people")]}
                columns={columns}
                rows={group.cohorts.map((cohort) => ({
                  name: figures.bucket(cohort.cohort, result.interval),
                  size: figures.number(cohort.size),
                  onClick: onSelect && (() => onSelect({ cohort: cohort.cohort, breakdown: group.breakdown }, cohort.cohort)),
                  cells: cohort.value_per_person.map((value, age) => ({
                    text: value == null ? "" : figures.compact(value as number),
                    heat: value == null ? null : Number(value) / most,
                    incomplete: value != null && cohort.complete[age] === false,
                    onClick: value == null || !onSelect ? undefined : () => onSelect({ cohort: cohort.cohort, age, breakdown: group.breakdown }, `${cohort.cohort} · ${age}`),
                  })),
                }))}
              />
            </section>
          );
        })}
    </div>
  );
}

/** Reach × frequency × retention of each event. */
export function AdoptionView({ result, onSelect }: ViewProps<AdoptionResult>) {
  const { t } = useTranslation();
  const figures = useFigures();
  return (
    <Table
      rows={result.features}
      keyOf={(feature) => `${feature.event ?? ""}${feature.feature ?? ""}`}
      columns={[
        { title: t("insights.event"), key: "name", show: (feature) => feature.name, by: (feature) => feature.name, fixed: true },
        {
          title: t("insights.measures.people"),
          key: "people",
          numeric: true,
          by: (feature) => feature.people,
          show: (feature) => <Clickable onClick={onSelect && (() => onSelect({ event: feature.event, feature: feature.feature }, feature.name))}>{figures.number(feature.people)}</Clickable>,
        },
        { title: t("insights.reach"), key: "reach", numeric: true, by: (feature) => feature.reach ?? null, show: (feature) => <Bar share={feature.reach} text={figures.percent(feature.reach)} /> },
        { title: t("insights.frequency"), key: "frequency", numeric: true, by: (feature) => feature.frequency ?? null, show: (feature) => <Bar share={feature.frequency} text={figures.percent(feature.frequency)} /> },
        { title: t("insights.kinds.retention"), key: "retention", numeric: true, by: (feature) => feature.retention ?? null, show: (feature) => <Bar share={feature.retention} text={figures.percent(feature.retention)} /> },
        { title: t("insights.adoptionScore"), key: "adoption", numeric: true, by: (feature) => feature.adoption ?? null, show: (feature) => figures.percent(feature.adoption) },
        { title: t("insights.measures.per_person"), key: "per", numeric: true, by: (feature) => feature.events_per_person ?? null, show: (feature) => figures.number(feature.events_per_person) },
      ]}
    />
  );
}

function Bar({ share, text }: { share: number | null | undefined; text: string }) {
  return (
    <span style={{ display: "inline-flex", alignItems: "center", gap: 8 }}>
      <span aria-hidden style={{ width: 60, height: 6, borderRadius: 3, background: "rgb(125 135 155 / 22%)" }}>
        <span style={{ display: "block", width: `${Math.min(1, share ?? 0) * 100}%`, height: 6, borderRadius: 3, background: "#3355ff" }} />
      </span>
      {text}
    </span>
  );
}

/** How many people were active on how many days. */
export function EngagementView({ result, onSelect }: ViewProps<EngagementResult>) {
  const { t } = useTranslation();
  const figures = useFigures();
  const rows = [result.whole, ...result.rows];
  const days = Math.min(31, Math.max(1, ...result.rows.map((row) => row.people_by_days.length)));
  const columns = Array.from({ length: days }, (_, at) => String(at + 1));
  return (
    <HeatTable
      caption={t("insights.kinds.engagement")}
      corner={[t("insights.interval"), t("insights.measures.people")]}
      columns={[t("insights.meanDays"), ...columns]}
      rows={rows.map((row) => {
        const shown = row.people_by_days.slice(0, days);
        const most = Math.max(1, ...shown);
        const label = row.bucket ? figures.bucket(row.bucket, result.interval) : t("insights.wholePeriod");
        return {
          name: label,
          size: figures.number(row.people),
          strong: row.bucket == null,
          onClick: onSelect && (() => onSelect({ bucket: row.bucket, days: 1 }, label)),
          cells: [
            { text: figures.number(row.mean_days), heat: null },
            ...shown.map((people, at) => ({
              text: people ? figures.compact(people) : "",
              heat: people ? people / most : null,
              onClick: people && onSelect ? () => onSelect({ bucket: row.bucket, days: at + 1, or_more: false }, `${label} · ${at + 1}`) : undefined,
            })),
          ],
        };
      })}
    />
  );
}

/** What separates those who convert, with intervals and corrected for how many were compared. */
export function CorrelationView({ result, onSelect }: ViewProps<CorrelationResult>) {
  const { t } = useTranslation();
  const figures = useFigures();
  const nameOf = (factor: CorrelationResult["factors"][number]) => factor.event ?? `${factor.property?.name ?? ""} = ${factor.value ?? t("common.none")}`;
  return (
    <div className="stack">
      <span className="figure">{t("insights.correlationCount", { entered: figures.number(result.entered), converted: figures.number(result.converted) })}</span>
      <Table
        rows={result.factors}
        keyOf={nameOf}
        columns={[
          { title: t("insights.factor"), key: "factor", show: nameOf, by: nameOf, fixed: true },
          {
            title: t("insights.convertedWith"),
            key: "with",
            numeric: true,
            by: (factor) => factor.converted_with / Math.max(1, factor.people_with),
            show: (factor) => (
              <>
                <Clickable onClick={onSelect && (() => onSelect({ event: factor.event, property: factor.property, value: factor.value, has_factor: true, converted: true }, nameOf(factor)))}>{figures.number(factor.converted_with)}</Clickable> / {figures.number(factor.people_with)} <small>{figures.percent(factor.converted_with / Math.max(1, factor.people_with))}</small>
              </>
            ),
          },
          { title: t("insights.convertedWithout"), key: "without", numeric: true, show: (factor) => `${figures.percent(factor.converted_without / Math.max(1, factor.people_without))}` },
          {
            title: t("insights.difference"),
            key: "difference",
            numeric: true,
            by: (factor) => factor.difference,
            show: (factor) => `${factor.difference > 0 ? "+" : ""}${figures.percent(factor.difference)} [${figures.percent(factor.difference_low)}, ${figures.percent(factor.difference_high)}]`,
          },
          { title: t("insights.oddsRatio"), key: "odds", numeric: true, by: (factor) => factor.odds_ratio, show: (factor) => `${figures.number(factor.odds_ratio)} [${figures.number(factor.odds_ratio_low)}, ${figures.number(factor.odds_ratio_high)}]` },
          { title: t("insights.adjustedP"), key: "p", numeric: true, by: (factor) => factor.adjusted_p_value ?? null, show: (factor) => (factor.adjusted_p_value == null ? "–" : factor.adjusted_p_value < 0.001 ? "< 0.001" : factor.adjusted_p_value.toFixed(3)) },
        ]}
      />
    </div>
  );
}
