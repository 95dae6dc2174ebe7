import { PlusOutlined } from "@/components/icons";
import { Button, Checkbox, Input } from "antd";
import { useTranslation } from "react-i18next";
import { BreakdownsField, Choice, IntervalChoice, MeasureField, Section, SelectorField } from "@/components/query/Fields";
import { MetricSeries, UseMetric } from "./MetricSeries";
import { eventsOf } from "@/query/starting";
import { INTERVALS, type Series, type TrendQuery } from "@/query/types";
import type { FormProps } from "./forms";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const MOST_SERIES = 10;

/** With `metrics`, series can also be metrics of the project. */
export function TrendForm({ query, onChange, metrics = true }: FormProps<TrendQuery> & { metrics?: boolean }) {
  const { t } = useTranslation();
  const set = (changes: Partial<TrendQuery>) => onChange({ ...query, ...changes });
  const formulas = query.formulas ?? [];
  const replace = (place: number, next: Series | null) => set({ series: query.series.flatMap((each, at) => (at === place ? (next ? [next] : []) : [each])) });
  return (
    <>
      <Section title={t("insights.series")}>
        {query.series.map((series, place) =>
          series.metric ? (
            <MetricSeries key={place} badge={LETTERS[place] ?? ""} series={series} onRemove={query.series.length > 1 ? () => replace(place, null) : undefined} />
          ) : (
          <SelectorField
            key={place}
            badge={LETTERS[place]}
            label={`${t("insights.event")} ${LETTERS[place]}`}
            value={series.selector}
            onChange={(selector) => replace(place, { ...series, selector })}
            onRemove={query.series.length > 1 ? () => replace(place, null) : undefined}
          >
            <MeasureField value={series.measure ?? { kind: "count" }} events={series.selector?.events} onChange={(measure) => replace(place, { ...series, measure })} />
          </SelectorField>
          ),
        )}
        {formulas.map((formula, place) => (
          <Input
            key={place}
            prefix="="
            aria-label={t("insights.formula")}
            placeholder="A / B * 100"
            value={formula.expression}
            allowClear
            onChange={(event) =>
              set({ formulas: formulas.flatMap((each, at) => (at !== place ? [each] : event.target.value ? [{ ...each, expression: event.target.value }] : [])) })
            }
          />
        ))}
        <div className="row">
          <Button size="small" type="dashed" icon={<PlusOutlined />} disabled={query.series.length >= MOST_SERIES} onClick={() => set({ series: [...query.series, { selector: {}, measure: { kind: "count" } }] })}>
            {t("insights.addSeries")}
          </Button>
          {metrics && <UseMetric onUse={(metric) => set({ series: [...query.series, { metric }] })} />}
          <Button size="small" type="text" onClick={() => set({ formulas: [...formulas, { expression: query.series.length > 1 ? "A / B" : "A * 1" }] })}>
            {t("insights.addFormula")}
          </Button>
        </div>
      </Section>
      <BreakdownsField value={query.breakdowns ?? []} events={eventsOf(query)} onChange={(breakdowns) => set({ breakdowns })} />
      <Section title={t("insights.time")}>
        <IntervalChoice value={query.interval ?? "day"} offered={INTERVALS} onChange={(interval) => set({ interval })} />
        <Choice
          label={t("insights.compare")}
          value={query.compare ?? "none"}
          options={(["none", "previous_period", "year_ago"] as const).map((value) => ({ value, label: t(`insights.comparisons.${value}`) }))}
          onChange={(chosen) => set({ compare: chosen === "none" ? null : chosen })}
        />
        <Choice
          label={t("insights.movingAverage")}
          value={String(query.moving_average ?? 0)}
          options={["0", "3", "7", "14", "28"].map((value) => ({ value, label: value === "0" ? t("common.none") : value }))}
          onChange={(chosen) => set({ moving_average: Number(chosen) || null })}
        />
        <Checkbox checked={query.cumulative ?? false} onChange={(event) => set({ cumulative: event.target.checked })}>
          {t("insights.cumulative")}
        </Checkbox>
      </Section>
    </>
  );
}
