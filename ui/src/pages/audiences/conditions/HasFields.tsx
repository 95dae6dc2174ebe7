import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { Condition as FilterCondition, FilterEditor } from "@/components/query/FilterEditor";
import { useSubjects } from "@/query/subjects";
import type { Leaf } from "@/query/types";
import type { Has } from "./types";

const OF_PEOPLE = ["person", "tag", "audience"] as const;

/** What is known of a person: a property, a tag's value, or being in an audience. */
export function HasFields({ value, onChange }: { value: Has; onChange: (has: Has) => void }) {
  const { filter } = value;
  if (!filter || filter.type === "group") return <FilterEditor value={filter} scopes={OF_PEOPLE} onChange={(next) => onChange({ ...value, filter: next })} />;
  if (filter.property.scope === "audience" && filter.type === "presence") return <InAudience value={filter} onChange={(next) => onChange({ ...value, filter: next })} />;
  return (
    <div className="condition-line">
      <FilterCondition value={filter} events={[]} removable={false} scopes={[filter.property.scope]} onChange={(next) => onChange({ ...value, filter: next })} />
    </div>
  );
}

function InAudience({ value, onChange }: { value: Leaf; onChange: (leaf: Leaf) => void }) {
  const { t } = useTranslation();
  const { subjects, ready } = useSubjects();
  const audiences = subjects.filter((each) => each.type === "audience").map((each) => ({ value: each.id, label: each.name }));
  return (
    <div className="condition-line">
      <Select
        aria-label={t("insights.operator")}
        value={value.operator}
        style={{ width: 116 }}
        options={[
          { value: "exists", label: t("conditions.inside") },
          { value: "not_exists", label: t("conditions.outside") },
        ]}
        onChange={(operator) => onChange({ ...value, operator } as Leaf)}
      />
      <Select
        aria-label={t("conditions.audience")}
        placeholder={t("conditions.audience")}
        loading={!ready}
        value={value.property.name || undefined}
        style={{ flex: "1 1 220px", maxWidth: 420 }}
        showSearch={{ optionFilterProp: "label" }}
        options={audiences}
        onChange={(name: string) => onChange({ ...value, property: { scope: "audience", name } } as Leaf)}
      />
    </div>
  );
}
