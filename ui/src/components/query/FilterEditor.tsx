import { DeleteOutlined, PlusOutlined } from "@/components/icons";
import { Button, DatePicker, InputNumber, Segmented, Select } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { useProperties, useValues } from "@/query/catalog";
import { asGroup, conditionTypes, freshLeaf, OPERATORS, type ConditionType, withOperator } from "@/query/operators";
import type { Filter, Group, Leaf, PropertyRef } from "@/query/types";
import type { zh } from "@/i18n/zh";
import { PropertySelect } from "./PropertySelect";

interface Props {
  value: Filter | null | undefined;
  onChange: (filter: Filter | null) => void;
  events?: readonly string[];
  depth?: number;
  scopes?: Scopes;
}

type Scopes = readonly PropertyRef["scope"][];
const DEEPEST = 2;

/** Conditions joined by AND or OR, in groups within groups. */
export function FilterEditor({ value, onChange, events = [], depth = 0, scopes }: Props) {
  const { t } = useTranslation();
  const group = asGroup(value);
  const change = (items: Filter[], op = group.op) => onChange(items.length ? { type: "group", op, items } : null);
  const replace = (place: number, item: Filter | null) =>
    change(item === null ? group.items.filter((_, at) => at !== place) : group.items.map((each, at) => (at === place ? item : each)));
  const first = { scope: scopes?.[0] ?? ("event" as const), name: "" };
  return (
    <div className="stack" style={{ gap: 6, paddingLeft: depth ? 10 : 0, borderLeft: depth ? "2px solid rgb(51 85 255 / 35%)" : undefined }}>
      {group.items.length > 1 && (
        <Segmented<Group["op"]>
          size="small"
          style={{ alignSelf: "flex-start" }}
          value={group.op}
          options={[
            { value: "and", label: t("insights.allOf") },
            { value: "or", label: t("insights.anyOf") },
          ]}
          onChange={(op) => change(group.items, op)}
        />
      )}
      {group.items.map((item, place) =>
        item.type === "group" ? (
          <FilterEditor key={place} value={item} onChange={(next) => replace(place, next)} events={events} depth={depth + 1} scopes={scopes} />
        ) : (
          <Condition key={place} value={item} events={events} scopes={scopes} onChange={(next) => replace(place, next)} />
        ),
      )}
      <div className="row" style={{ gap: 4 }}>
        <Button size="small" type="dashed" icon={<PlusOutlined />} onClick={() => change([...group.items, freshLeaf(first, "text")])}>
          {t("insights.addCondition")}
        </Button>
        {depth < DEEPEST && group.items.length > 0 && (
          <Button
            size="small"
            type="text"
            onClick={() => change([...group.items, { type: "group", op: group.op === "and" ? "or" : "and", items: [freshLeaf(first, "text")] }])}
          >
            {t("insights.addGroup")}
          </Button>
        )}
      </div>
    </div>
  );
}

/** One condition on a property; without a button to remove it where that is done elsewhere. */
export function Condition({ value, events, onChange, scopes, removable = true }: { value: Leaf; events: readonly string[]; onChange: (leaf: Leaf | null) => void; scopes?: Scopes; removable?: boolean }) {
  const { t } = useTranslation();
  const known = useProperties(events).find((each) => each.ref.name === value.property.name && each.ref.scope === value.property.scope);
  const offered = conditionTypes(known?.type ?? null);
  const types = offered.includes(value.type) ? offered : [...offered, value.type];
  const operatorName = (operator: keyof (typeof zh)["insights"]["operators"]) =>
    value.property.scope === "audience" ? t(operator === "not_exists" ? "conditions.outside" : "conditions.inside") : t(`insights.operators.${operator}`);
  const options = types.map((type) => ({
    label: t(`insights.conditionTypes.${type}`),
    title: type,
    options: OPERATORS[type].map((operator) => ({ value: `${type}:${operator}`, label: operatorName(operator) })),
  }));
  return (
    <div className="row" style={{ gap: 4 }}>
      <PropertySelect
        label={t("insights.property")}
        value={value.property.name ? value.property : null}
        events={events}
        scopes={scopes}
        onChange={(property, found) => {
          const type = conditionTypes(found?.type ?? null)[0] ?? "text";
          onChange(freshLeaf(property, type));
        }}
      />
      <Select
        aria-label={t("insights.operator")}
        style={{ width: 116 }}
        popupMatchSelectWidth={160}
        value={`${value.type}:${value.operator}`}
        options={options}
        onChange={(chosen: string) => {
          const [type, operator] = chosen.split(":") as [ConditionType, string];
          onChange(withOperator(value, type, operator));
        }}
      />
      <Values value={value} events={events} onChange={onChange} />
      {removable && <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("common.remove")} onClick={() => onChange(null)} />}
    </div>
  );
}

function Values({ value, events, onChange }: { value: Leaf; events: readonly string[]; onChange: (leaf: Leaf) => void }) {
  const { t } = useTranslation();
  if (value.type === "text" || value.type === "list") return <TextValues value={value} events={events} onChange={onChange} />;
  if (value.type === "number") {
    return (
      <>
        <InputNumber aria-label={t("insights.value")} value={value.value} onChange={(next) => onChange({ ...value, value: next ?? 0 })} style={{ width: 90 }} />
        {value.upper != null && (
          <InputNumber aria-label={t("insights.upper")} value={value.upper} onChange={(next) => onChange({ ...value, upper: next ?? 0 })} style={{ width: 90 }} />
        )}
      </>
    );
  }
  if (value.type === "time") {
    return (
      <>
        <DatePicker aria-label={t("insights.value")} allowClear={false} value={dayjs(value.at)} onChange={(day) => day && onChange({ ...value, at: day.format("YYYY-MM-DD") })} />
        {value.until != null && (
          <DatePicker aria-label={t("insights.upper")} allowClear={false} value={dayjs(value.until)} onChange={(day) => day && onChange({ ...value, until: day.format("YYYY-MM-DD") })} />
        )}
      </>
    );
  }
  if (value.type === "recency") {
    return (
      <>
        <InputNumber aria-label={t("insights.value")} min={1} value={value.count} onChange={(next) => onChange({ ...value, count: next ?? 1 })} style={{ width: 80 }} />
        <Select
          aria-label={t("insights.unit")}
          value={value.unit ?? "day"}
          style={{ width: 84 }}
          options={["minute", "hour", "day", "week"].map((unit) => ({ value: unit, label: t(`insights.intervals.${unit as "day"}`) }))}
          onChange={(unit: string) => onChange({ ...value, unit })}
        />
      </>
    );
  }
  return null;
}

function TextValues({ value, events, onChange }: { value: Extract<Leaf, { values: string[] }>; events: readonly string[]; onChange: (leaf: Leaf) => void }) {
  const { t } = useTranslation();
  const offered = useValues(value.property, events);
  return (
    <Select
      mode="tags"
      aria-label={t("insights.value")}
      placeholder={t("insights.value")}
      value={value.values}
      style={{ flex: "1 1 110px", minWidth: 110 }}
      options={offered.map((each) => ({ value: each, label: each }))}
      onChange={(values: string[]) => onChange({ ...value, values })}
    />
  );
}
