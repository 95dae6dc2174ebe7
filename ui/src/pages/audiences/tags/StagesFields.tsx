import { InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { SelectorField } from "@/components/query/Fields";
import { Labelled } from "../common/Labelled";
import type { StageTag } from "./types";

const DAYS = [
  ["dormant_after_days", "dormantAfter"],
  ["lost_after_days", "lostAfter"],
  ["new_days", "newDays"],
] as const;

/** What counts as active, and from when on somebody is in which stage. */
export function StagesFields({ value, onChange }: { value: StageTag; onChange: (tag: StageTag) => void }) {
  const { t } = useTranslation();
  const number = (label: string, shown: number, change: (next: number) => void, least = 1) => (
    <Labelled key={label} name={label}>
      <InputNumber aria-label={label} min={least} value={shown} style={{ width: 110 }} onChange={(next) => change(next ?? least)} />
    </Labelled>
  );
  return (
    <div className="form-grid">
      <Labelled name={t("tagging.editor.active")}>
        <div className="grow">
          <SelectorField label={t("tagging.editor.active")} value={value.active} onChange={(active) => onChange({ ...value, active })} />
        </div>
      </Labelled>
      {DAYS.map(([field, name]) => number(t(`tagging.editor.${name}`), value[field], (next) => onChange({ ...value, [field]: next })))}
      <Labelled name={t("tagging.editor.activity")}>
        <Select
          aria-label={t("tagging.editor.activity")}
          value={value.activity.kind === "count" ? "count" : "active"}
          popupMatchSelectWidth={false}
          options={(["active", "count"] as const).map((each) => ({ value: each, label: t(`tagging.editor.activityKinds.${each}`) }))}
          onChange={(kind) => onChange({ ...value, activity: kind === "count" ? { kind: "count" } : { kind: "active", unit: "day" } })}
        />
      </Labelled>
      {number(t("tagging.editor.activityWindow"), value.window_days, (window_days) => onChange({ ...value, window_days }))}
      {number(t("tagging.editor.growingFrom"), value.growing_from, (growing_from) => onChange({ ...value, growing_from }), 0)}
      {number(t("tagging.editor.matureFrom"), value.mature_from, (mature_from) => onChange({ ...value, mature_from }), 0)}
    </div>
  );
}
