import { DeleteOutlined, FilterOutlined, PlusOutlined } from "@/components/icons";
import { Button, Select } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Breakdown, Filter, Interval, Measure, Selector } from "@/query/types";
import { EventSelect } from "./EventSelect";
import { FilterEditor } from "./FilterEditor";
import { PropertySelect } from "./PropertySelect";

/** A named part of a form. */
export function Section({ title, children, extra }: { title: string; children: ReactNode; extra?: ReactNode }) {
  return (
    <fieldset style={{ border: "none", margin: 0, padding: 0, minWidth: 0 }}>
      <legend style={{ padding: 0, width: "100%", marginBottom: 6 }} className="row between">
        <strong>{title}</strong>
        {extra}
      </legend>
      <div className="stack" style={{ gap: 8 }}>
        {children}
      </div>
    </fieldset>
  );
}

interface SelectorProps {
  value: Selector | undefined;
  onChange: (selector: Selector) => void;
  label: string;
  badge?: string;
  onRemove?: () => void;
  children?: ReactNode;
}

/** Events with conditions of their own. */
export function SelectorField({ value = {}, onChange, label, badge, onRemove, children }: SelectorProps) {
  const { t } = useTranslation();
  const [narrowed, setNarrowed] = useState(Boolean(value.filter));
  return (
    <div className="selector">
      <div className="row" style={{ gap: 6, flexWrap: "nowrap" }}>
        {badge && <span className="badge">{badge}</span>}
        <div className="grow">
          <EventSelect label={label} value={value.events ?? []} onChange={(events) => onChange({ ...value, events })} />
        </div>
        <Button
          size="small"
          type={value.filter ? "primary" : "text"}
          ghost={Boolean(value.filter)}
          icon={<FilterOutlined />}
          aria-label={t("insights.addCondition")}
          aria-expanded={narrowed}
          onClick={() => setNarrowed(!narrowed)}
        />
        {onRemove && <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("common.remove")} onClick={onRemove} />}
      </div>
      {children}
      {narrowed && <FilterEditor value={value.filter} events={value.events} onChange={(filter) => onChange({ ...value, filter })} />}
    </div>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
  width?: number;
}

/** A labelled choice of one. */
export function Choice<T extends string>({ label, value, options, onChange, width = 150 }: ChoiceProps<T>) {
  return (
    <label className="row between" style={{ flexWrap: "nowrap" }}>
      <span>{label}</span>
      <Select<T> aria-label={label} value={value} options={[...options]} onChange={onChange} style={{ width }} popupMatchSelectWidth={false} />
    </label>
  );
}

export function IntervalChoice({ value, onChange, offered, label }: { value: Interval; onChange: (interval: Interval) => void; offered: readonly Interval[]; label?: string }) {
  const { t } = useTranslation();
  return <Choice label={label ?? t("insights.interval")} value={value} onChange={onChange} options={offered.map((each) => ({ value: each, label: t(`insights.intervals.${each}`) }))} />;
}

interface BreakdownsProps {
  value: readonly Breakdown[];
  onChange: (breakdowns: Breakdown[]) => void;
  most?: number;
  events?: readonly string[];
}

/** Up to three properties that split the result. */
export function BreakdownsField({ value, onChange, most = 3, events }: BreakdownsProps) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const replace = (place: number, next: Breakdown | null) => onChange(value.flatMap((each, at) => (at === place ? (next ? [next] : []) : [each])));
  return (
    <Section title={t("insights.breakdown")}>
      {value.map((breakdown, place) => (
        <div key={place} className="row" style={{ gap: 4, flexWrap: "nowrap" }}>
          <PropertySelect label={t("insights.breakdown")} value={breakdown.property} events={events} onChange={(property) => replace(place, { ...breakdown, property, bounds: null })} />
          <Select
            aria-label={t("insights.topN")}
            value={breakdown.top_n ?? 10}
            style={{ width: 92 }}
            options={[...new Set([3, 5, 10, 20, 50, breakdown.top_n ?? 10])].map((count) => ({ value: count, label: t("insights.top", { count }) }))}
            onChange={(top_n) => replace(place, { ...breakdown, top_n })}
          />
          <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("common.remove")} onClick={() => replace(place, null)} />
        </div>
      ))}
      {adding && (
        <PropertySelect
          label={t("insights.breakdown")}
          value={null}
          events={events}
          onChange={(property) => {
            setAdding(false);
            onChange([...value, { property, top_n: 10 }]);
          }}
        />
      )}
      {!adding && value.length < most && (
        <Button size="small" type="dashed" icon={<PlusOutlined />} style={{ alignSelf: "flex-start" }} onClick={() => setAdding(true)}>
          {t("insights.addBreakdown")}
        </Button>
      )}
    </Section>
  );
}

const SIMPLE = ["count", "people", "per_person", "sessions", "first_ever"] as const;
const AGGREGATES = ["sum", "avg", "median", "percentile", "min", "max", "per_person", "distinct"] as const;

interface MeasureProps {
  value: Measure;
  onChange: (measure: Measure) => void;
  events?: readonly string[];
  offered?: readonly string[];
}

/** What is computed of the events. */
export function MeasureField({ value, onChange, events, offered }: MeasureProps) {
  const { t } = useTranslation();
  const current = value.kind === "property" ? `property:${value.aggregate}` : value.kind;
  const simple = SIMPLE.filter((kind) => !offered || offered.includes(kind));
  const aggregates = AGGREGATES.filter((each) => !offered || offered.includes(`property:${each}`));
  return (
    <div className="row" style={{ gap: 4 }}>
      <Select
        aria-label={t("insights.measure")}
        style={{ flex: "1 1 120px" }}
        value={current}
        options={[
          { label: t("insights.measureKinds.events"), title: "events", options: simple.map((kind) => ({ value: kind as string, label: t(`insights.measures.${kind}`) })) },
          { label: t("insights.measureKinds.property"), title: "property", options: aggregates.map((each) => ({ value: `property:${each}`, label: t(`insights.aggregates.${each}`) })) },
        ]}
        onChange={(chosen) => {
          if (!chosen.startsWith("property:")) return onChange({ kind: chosen as "count" });
          const property = value.kind === "property" ? value.property : { scope: "event" as const, name: "$revenue" };
          return onChange({ kind: "property", property, aggregate: chosen.slice(9), ...(chosen.endsWith("percentile") ? { percentile: 90 } : {}) });
        }}
      />
      {value.kind === "property" && (
        <PropertySelect label={t("insights.property")} value={value.property} events={events} types={value.aggregate === "distinct" ? undefined : ["number"]} onChange={(property) => onChange({ ...value, property })} />
      )}
    </div>
  );
}

/** Conditions on everything that is read. */
export function FilterSection({ value, onChange, events }: { value: Filter | null | undefined; onChange: (filter: Filter | null) => void; events?: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <Section title={t("insights.filter")}>
      <FilterEditor value={value} onChange={onChange} events={events} />
    </Section>
  );
}
