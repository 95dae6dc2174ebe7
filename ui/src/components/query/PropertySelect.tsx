import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { type KnownProperty, useProperties } from "@/query/catalog";
import type { PropertyRef } from "@/query/types";

interface Props {
  value: PropertyRef | null | undefined;
  onChange: (property: PropertyRef, known: KnownProperty | undefined) => void;
  events?: readonly string[];
  label: string;
  placeholder?: string;
  onClear?: () => void;
  /** Only properties of these types, where the type is known. */
  types?: readonly string[];
  /** Only these kinds of properties. */
  scopes?: readonly PropertyRef["scope"][];
}

const keyOf = (ref: PropertyRef) => `${ref.scope}.${ref.name}`;
const SCOPES = ["event", "person", "tag", "audience", "field"] as const;

/** A property of the chosen events, of people, a tag, an audience, or a field of every event. */
export function PropertySelect({ value, onChange, events = [], label, placeholder, onClear, types, scopes = SCOPES }: Props) {
  const { t } = useTranslation();
  const known = useProperties(events);
  const shown = types ? known.filter((each) => each.type === null || types.includes(each.type)) : known;
  const chosen = value ? keyOf(value) : undefined;
  const extra = value && !shown.some((each) => keyOf(each.ref) === chosen) ? [{ ref: value, label: value.name, type: null }] : [];
  const options = SCOPES.filter((scope) => scopes.includes(scope)).map((scope) => ({
    label: t(`insights.scopes.${scope}`),
    title: scope,
    options: [...shown, ...extra]
      .filter((each) => each.ref.scope === scope)
      .map((each) => ({ value: keyOf(each.ref), label: scope === "field" ? t(`insights.fields.${each.ref.name as "event"}`) : each.label })),
  })).filter((group) => group.options.length);
  return (
    <Select
      aria-label={label}
      placeholder={placeholder ?? t("insights.property")}
      value={chosen}
      allowClear={onClear !== undefined}
      onClear={onClear}
      showSearch={{ optionFilterProp: "label" }}
      popupMatchSelectWidth={280}
      className="property-select"
      options={options}
      onChange={(key: string | undefined) => {
        const found = [...shown, ...extra].find((each) => keyOf(each.ref) === key);
        if (found) onChange(found.ref, found);
      }}
    />
  );
}
