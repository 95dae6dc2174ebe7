import { InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { SelectorField } from "@/components/query/Fields";
import { PropertySelect } from "@/components/query/PropertySelect";
import { type Comparison, COMPARISONS, type DateUnit, type Did, type Figure } from "./types";
import { WindowFields } from "./WindowFields";

interface Props {
  value: Did;
  negated: boolean;
  onChange: (did: Did) => void;
  onNegate: (on: boolean) => void;
}

/** What a person did, or did not do: the event, when, and a figure that is compared. */
export function DidFields({ value, negated, onChange, onNegate }: Props) {
  const { t } = useTranslation();
  return (
    <div className="stack" style={{ gap: 8 }}>
      <div className="condition-line">
        <Select
          aria-label={t("conditions.exclude")}
          value={negated ? "notDid" : "did"}
          popupMatchSelectWidth={false}
          options={(["did", "notDid"] as const).map((each) => ({ value: each, label: t(`conditions.kinds.${each}`) }))}
          onChange={(chosen) => onNegate(chosen === "notDid")}
        />
        <WindowFields value={value.window} onChange={(window) => onChange({ ...value, window })} />
      </div>
      <SelectorField label={t("conditions.event")} value={value.event} onChange={(event) => onChange({ ...value, event })} />
      <div className="condition-line">
        <FigureField value={value.figure} events={value.event.events} onChange={(figure) => onChange({ ...value, figure })} />
        <CompareField value={value.compare} onChange={(compare) => onChange({ ...value, compare })} />
      </div>
    </div>
  );
}

const FIGURES = ["count", "active", "in_a_row", "property"] as const;
const AGGREGATES = ["sum", "avg", "min", "max", "distinct"] as const;
const UNITS = ["day", "week", "month", "quarter", "year"] as const;

function figureOf(kind: (typeof FIGURES)[number]): Figure {
  if (kind === "count") return { kind };
  return kind === "property" ? { kind, property: { scope: "event", name: "" }, aggregate: "sum" } : { kind, unit: "day" };
}

/** What is counted or summed of the events. */
export function FigureField({ value, onChange, events }: { value: Figure; onChange: (figure: Figure) => void; events?: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <>
      <Select
        aria-label={t("conditions.figure")}
        value={value.kind}
        popupMatchSelectWidth={false}
        options={FIGURES.map((each) => ({ value: each, label: t(`conditions.figures.${each}`) }))}
        onChange={(kind) => onChange(figureOf(kind))}
      />
      {value.kind === "property" && (
        <>
          <PropertySelect
            label={t("insights.property")}
            events={events}
            scopes={["event", "field"]}
            types={value.aggregate === "distinct" ? undefined : ["number"]}
            value={value.property.name ? value.property : null}
            onChange={(property) => onChange({ ...value, property })}
          />
          <Select
            aria-label={t("conditions.aggregate")}
            value={value.aggregate}
            popupMatchSelectWidth={false}
            options={AGGREGATES.map((each) => ({ value: each, label: t(`insights.aggregates.${each}`) }))}
            onChange={(aggregate) => onChange({ ...value, aggregate })}
          />
        </>
      )}
      {(value.kind === "active" || value.kind === "in_a_row") && (
        <Select<DateUnit>
          aria-label={t("conditions.unit")}
          value={value.unit}
          popupMatchSelectWidth={false}
          options={UNITS.map((each) => ({ value: each, label: t(`conditions.dateUnits.${each}`) }))}
          onChange={(unit) => onChange({ ...value, unit })}
        />
      )}
    </>
  );
}

/** A comparison with a number, or with two. */
export function CompareField({ value, onChange }: { value: Comparison; onChange: (comparison: Comparison) => void }) {
  const { t } = useTranslation();
  const number = (label: string, shown: number, change: (next: number) => void) => (
    <InputNumber aria-label={label} value={shown} style={{ width: 84 }} onChange={(next) => change(next ?? 0)} />
  );
  return (
    <>
      <Select<Comparison["operator"]>
        aria-label={t("conditions.compare")}
        value={value.operator}
        popupMatchSelectWidth={false}
        options={COMPARISONS.map((each) => ({ value: each, label: t(`conditions.compares.${each}`) }))}
        onChange={(operator) => onChange({ operator, value: value.value, ...(operator === "between" ? { upper: value.upper ?? value.value } : {}) })}
      />
      {number(value.operator === "between" ? t("conditions.low") : t("insights.value"), value.value, (next) =>
        onChange({ ...value, value: next, ...(value.operator === "between" ? { upper: Math.max(next, value.upper ?? next) } : {}) }),
      )}
      {value.operator === "between" && number(t("conditions.high"), value.upper ?? value.value, (upper) => onChange({ ...value, upper }))}
    </>
  );
}
