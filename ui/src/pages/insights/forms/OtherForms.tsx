import { Checkbox, InputNumber } from "antd";
import { useTranslation } from "react-i18next";
import { BreakdownsField, Choice, IntervalChoice, MeasureField, Section, SelectorField } from "@/components/query/Fields";
import { PropertySelect } from "@/components/query/PropertySelect";
import type {
  AdoptionQuery,
  CohortValueQuery,
  CorrelationQuery,
  DistributionQuery,
  EngagementQuery,
  IntervalsQuery,
  LifecycleQuery,
  PathsQuery,
  RetentionQuery,
  Selector,
  SessionsQuery,
  StickinessQuery,
} from "@/query/types";
import { FunnelForm } from "./FunnelForm";
import type { FormProps } from "./forms";

const DAY_TO_MONTH = ["day", "week", "month"] as const;

function Events({ title, value, onChange }: { title: string; value: Selector | undefined; onChange: (selector: Selector) => void }) {
  return (
    <Section title={title}>
      <SelectorField label={title} value={value} onChange={onChange} />
    </Section>
  );
}

function Count({ label, value, onChange, min = 1, max = 400 }: { label: string; value: number; onChange: (value: number) => void; min?: number; max?: number }) {
  return (
    <label className="row between">
      <span>{label}</span>
      <InputNumber aria-label={label} min={min} max={max} value={value} onChange={(next) => onChange(next ?? min)} style={{ width: 90 }} />
    </label>
  );
}

export function RetentionForm({ query, onChange }: FormProps<RetentionQuery>) {
  const { t } = useTranslation();
  const set = (changes: Partial<RetentionQuery>) => onChange({ ...query, ...changes });
  const returning = query.returning ?? { kind: "on", ages: 10 };
  const ages = "ages" in returning ? returning.ages : 10;
  return (
    <>
      <Events title={t("insights.startEvent")} value={query.start} onChange={(start) => set({ start })} />
      <Events title={t("insights.backEvent")} value={query.back} onChange={(back) => set({ back })} />
      <Section title={t("insights.rules")}>
        <Choice label={t("insights.cohort")} value={query.cohort ?? "first_time"} onChange={(cohort) => set({ cohort })} options={(["first_time", "recurring"] as const).map((value) => ({ value, label: t(`insights.cohorts.${value}`) }))} />
        <IntervalChoice value={query.interval ?? "day"} offered={["hour", ...DAY_TO_MONTH]} onChange={(interval) => set({ interval })} />
        <Choice
          label={t("insights.returning")}
          value={returning.kind}
          onChange={(kind) =>
            set({
              returning:
                kind === "rolling"
                  ? { kind, ages, window: 7 }
                  : kind === "brackets"
                    ? { kind, ranges: [{ first: 1, last: 1 }, { first: 2, last: 3 }, { first: 4, last: 7 }, { first: 8, last: 14 }, { first: 15, last: 30 }] }
                    : { kind, ages },
            })
          }
          options={(["on", "on_or_after", "rolling", "brackets"] as const).map((value) => ({ value, label: t(`insights.returnings.${value}`) }))}
        />
        {"ages" in returning && <Count label={t("insights.ages")} value={returning.ages} onChange={(next) => set({ returning: { ...returning, ages: next } })} />}
        {returning.kind === "rolling" && <Count label={t("insights.rollingWindow")} value={returning.window} onChange={(window) => set({ returning: { ...returning, window } })} />}
        <MeasureField value={query.measure ?? { kind: "people" }} offered={["people", "count", "property:sum"]} onChange={(measure) => set({ measure })} />
      </Section>
      <BreakdownsField value={query.breakdowns ?? []} onChange={(breakdowns) => set({ breakdowns })} />
    </>
  );
}

export function PathsForm({ query, onChange }: FormProps<PathsQuery>) {
  const { t } = useTranslation();
  const set = (changes: Partial<PathsQuery>) => onChange({ ...query, ...changes });
  return (
    <>
      <Events title={t("insights.pathEvents")} value={query.selector} onChange={(selector) => set({ selector })} />
      <Section title={t("insights.node")}>
        <PropertySelect label={t("insights.node")} value={query.node ?? { scope: "field", name: "event" }} onChange={(node) => set({ node })} />
      </Section>
      <Section title={t("insights.direction")}>
        <Choice
          label={t("insights.direction")}
          value={query.direction ?? "from"}
          onChange={(direction) => set({ direction, anchor: direction === "around" ? (query.anchor ?? {}) : query.anchor })}
          options={(["from", "to", "around"] as const).map((value) => ({ value, label: t(`insights.directions.${value}`) }))}
        />
        <SelectorField label={t("insights.anchor")} value={query.anchor ?? {}} onChange={(anchor) => set({ anchor: anchor.events?.length || anchor.filter || query.direction === "around" ? anchor : null })} />
        <small>{t("insights.anchorHint")}</small>
        <Choice
          label={t("insights.pathScope")}
          value={query.window_seconds ? "window" : "session"}
          onChange={(scope) => set({ window_seconds: scope === "window" ? 86_400 : null })}
          options={(["session", "window"] as const).map((value) => ({ value, label: t(`insights.pathScopes.${value}`) }))}
        />
        {query.window_seconds && <Count label={t("insights.windowHours")} value={query.window_seconds / 3600} max={8784} onChange={(hours) => set({ window_seconds: hours * 3600 })} />}
        <Count label={t("insights.pathSteps")} value={query.steps ?? 5} max={20} onChange={(steps) => set({ steps })} />
        <Count label={t("insights.nodesPerStep")} value={query.top_n ?? 10} max={50} onChange={(top_n) => set({ top_n })} />
        <Checkbox checked={query.collapse ?? true} onChange={(event) => set({ collapse: event.target.checked })}>
          {t("insights.collapse")}
        </Checkbox>
      </Section>
    </>
  );
}

export function LifecycleForm({ query, onChange }: FormProps<LifecycleQuery>) {
  const { t } = useTranslation();
  const set = (changes: Partial<LifecycleQuery>) => onChange({ ...query, ...changes });
  return (
    <>
      <Events title={t("insights.activeEvent")} value={query.active} onChange={(active) => set({ active })} />
      <IntervalChoice value={query.interval ?? "day"} offered={DAY_TO_MONTH} onChange={(interval) => set({ interval })} />
      <BreakdownsField value={query.breakdowns ?? []} onChange={(breakdowns) => set({ breakdowns })} />
    </>
  );
}

export function StickinessForm({ query, onChange }: FormProps<StickinessQuery>) {
  const { t } = useTranslation();
  const set = (changes: Partial<StickinessQuery>) => onChange({ ...query, ...changes });
  const offered = ["whole", "week", "month", "quarter", "year"] as const;
  return (
    <>
      <Events title={t("insights.activeEvent")} value={query.active} onChange={(active) => set({ active })} />
      <IntervalChoice label={t("insights.activeUnit")} value={query.interval ?? "day"} offered={DAY_TO_MONTH} onChange={(interval) => set({ interval })} />
      <Choice
        label={t("insights.per")}
        value={(query.per ?? "whole") as (typeof offered)[number]}
        onChange={(per) => set({ per: per === "whole" ? null : per })}
        options={offered.map((value) => ({ value, label: value === "whole" ? t("insights.wholePeriod") : t(`insights.intervals.${value}`) }))}
      />
      <BreakdownsField value={query.breakdowns ?? []} onChange={(breakdowns) => set({ breakdowns })} />
    </>
  );
}

const WHOLE = ["whole", "day", "week", "month"] as const;

function BucketChoice({ value, onChange }: { value: string | null | undefined; onChange: (interval: "day" | "week" | "month" | null) => void }) {
  const { t } = useTranslation();
  return (
    <Choice
      label={t("insights.interval")}
      value={(value ?? "whole") as (typeof WHOLE)[number]}
      onChange={(next) => onChange(next === "whole" ? null : next)}
      options={WHOLE.map((each) => ({ value: each, label: each === "whole" ? t("insights.wholePeriod") : t(`insights.intervals.${each}`) }))}
    />
  );
}

export function DistributionForm({ query, onChange }: FormProps<DistributionQuery>) {
  const { t } = useTranslation();
  const set = (changes: Partial<DistributionQuery>) => onChange({ ...query, ...changes });
  const measure = query.measure ?? "times";
  return (
    <>
      <Events title={t("insights.event")} value={query.selector} onChange={(selector) => set({ selector })} />
      <Choice
        label={t("insights.perPersonMeasure")}
        value={measure}
        onChange={(next) => set({ measure: next, property: next === "sum" ? { scope: "event", name: "$revenue" } : null })}
        options={(["times", "days", "sum"] as const).map((value) => ({ value, label: t(`insights.spreadMeasures.${value}`) }))}
      />
      {measure === "sum" && <PropertySelect label={t("insights.property")} value={query.property} types={["number"]} onChange={(property) => set({ property })} />}
      <BucketChoice value={query.interval} onChange={(interval) => set({ interval })} />
      <BreakdownsField value={query.breakdowns ?? []} onChange={(breakdowns) => set({ breakdowns })} />
    </>
  );
}

export function IntervalsForm({ query, onChange }: FormProps<IntervalsQuery>) {
  const { t } = useTranslation();
  const set = (changes: Partial<IntervalsQuery>) => onChange({ ...query, ...changes });
  return (
    <>
      <Events title={t("insights.fromEvent")} value={query.start} onChange={(start) => set({ start })} />
      <Events title={t("insights.toEvent")} value={query.end} onChange={(end) => set({ end })} />
      <Choice label={t("insights.countedFrom")} value={query.counted_from ?? "last"} onChange={(counted_from) => set({ counted_from })} options={(["last", "first"] as const).map((value) => ({ value, label: t(`insights.countedFroms.${value}`) }))} />
      <BucketChoice value={query.interval} onChange={(interval) => set({ interval })} />
      <BreakdownsField value={query.breakdowns ?? []} onChange={(breakdowns) => set({ breakdowns })} />
    </>
  );
}

export function SessionsForm({ query, onChange }: FormProps<SessionsQuery>) {
  const { t } = useTranslation();
  const set = (changes: Partial<SessionsQuery>) => onChange({ ...query, ...changes });
  return (
    <>
      <Events title={t("insights.sessionsWith")} value={query.selector} onChange={(selector) => set({ selector })} />
      <IntervalChoice value={query.interval ?? "day"} offered={["hour", ...DAY_TO_MONTH]} onChange={(interval) => set({ interval })} />
      <Section title={t("insights.page")}>
        <PropertySelect label={t("insights.page")} value={query.page} placeholder="$pathname" onChange={(page) => set({ page })} />
      </Section>
      <BreakdownsField most={1} value={query.breakdown ? [query.breakdown] : []} onChange={([breakdown]) => set({ breakdown: breakdown ?? null })} />
    </>
  );
}

export function CohortValueForm({ query, onChange }: FormProps<CohortValueQuery>) {
  const { t } = useTranslation();
  const set = (changes: Partial<CohortValueQuery>) => onChange({ ...query, ...changes });
  return (
    <>
      <Events title={t("insights.startEvent")} value={query.start} onChange={(start) => set({ start })} />
      <Events title={t("insights.payingEvent")} value={query.paying} onChange={(paying) => set({ paying })} />
      <Section title={t("insights.valueProperty")}>
        <PropertySelect label={t("insights.valueProperty")} value={query.value ?? { scope: "event", name: "$revenue" }} types={["number"]} onChange={(value) => set({ value })} />
      </Section>
      <IntervalChoice value={query.interval ?? "month"} offered={["day", "week", "month", "quarter"]} onChange={(interval) => set({ interval })} />
      <Count label={t("insights.ages")} value={query.ages ?? 12} onChange={(ages) => set({ ages })} />
      <BreakdownsField value={query.breakdowns ?? []} onChange={(breakdowns) => set({ breakdowns })} />
    </>
  );
}

export function AdoptionForm({ query, onChange }: FormProps<AdoptionQuery>) {
  const { t } = useTranslation();
  const set = (changes: Partial<AdoptionQuery>) => onChange({ ...query, ...changes });
  return (
    <>
      <Events title={t("insights.among")} value={query.among} onChange={(among) => set({ among })} />
      <IntervalChoice value={query.interval ?? "week"} offered={DAY_TO_MONTH} onChange={(interval) => set({ interval })} />
      <Count label={t("insights.mostFeatures")} value={query.top_n ?? 20} max={100} onChange={(top_n) => set({ top_n })} />
    </>
  );
}

export function EngagementForm({ query, onChange }: FormProps<EngagementQuery>) {
  const { t } = useTranslation();
  const set = (changes: Partial<EngagementQuery>) => onChange({ ...query, ...changes });
  return (
    <>
      <Events title={t("insights.activeEvent")} value={query.selector} onChange={(selector) => set({ selector })} />
      <IntervalChoice value={query.interval ?? "month"} offered={["week", "month", "quarter", "year"]} onChange={(interval) => set({ interval })} />
    </>
  );
}

export function CorrelationForm({ query, onChange }: FormProps<CorrelationQuery>) {
  const { t } = useTranslation();
  const set = (changes: Partial<CorrelationQuery>) => onChange({ ...query, ...changes });
  const properties = query.properties ?? [];
  return (
    <>
      <FunnelForm plain query={query.funnel} onChange={(funnel) => set({ funnel })} />
      <Section title={t("insights.factors")}>
        <Checkbox checked={query.events ?? true} onChange={(event) => set({ events: event.target.checked })}>
          {t("insights.factorEvents")}
        </Checkbox>
        {properties.map((property, place) => (
          <PropertySelect
            key={place}
            label={t("insights.property")}
            value={property}
            onChange={(next) => set({ properties: properties.map((each, at) => (at === place ? next : each)) })}
            onClear={() => set({ properties: properties.filter((_, at) => at !== place) })}
          />
        ))}
        <PropertySelect label={t("insights.addFactor")} placeholder={t("insights.addFactor")} value={null} onChange={(property) => set({ properties: [...properties, property] })} />
      </Section>
    </>
  );
}
