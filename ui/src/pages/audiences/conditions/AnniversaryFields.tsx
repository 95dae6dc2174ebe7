import { InputNumber, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { PropertySelect } from "@/components/query/PropertySelect";
import type { Anniversary } from "./types";

const WHEN = ["today", "ahead", "ago", "range"] as const;
type When = (typeof WHEN)[number];
const BEGUN: Record<When, [number, number]> = { today: [0, 0], ahead: [7, 7], ago: [-1, -1], range: [0, 7] };
const MOST_DAYS = 366;

/** A date of people and how many days from today its yearly day is. */
export function AnniversaryFields({ value, onChange }: { value: Anniversary; onChange: (anniversary: Anniversary) => void }) {
  const { t } = useTranslation();
  const [when, setWhen] = useState(whenOf(value));
  const set = (from_days: number, to_days: number) => onChange({ ...value, from_days, to_days });
  const sign = when === "ago" ? -1 : 1;
  return (
    <div className="stack" style={{ gap: 4 }}>
      <div className="condition-line">
        <PropertySelect label={t("conditions.anniversary.property")} scopes={["person", "tag"]} value={value.property.name ? value.property : null} onChange={(property) => onChange({ ...value, property })} />
        <Select
          aria-label={t("conditions.anniversary.when")}
          value={when}
          style={{ minWidth: 150 }}
          options={WHEN.map((each) => ({ value: each, label: t(`conditions.anniversary.${each}`) }))}
          onChange={(next: When) => {
            setWhen(next);
            set(...BEGUN[next]);
          }}
        />
        {(when === "ahead" || when === "ago") && <InputNumber aria-label={t("conditions.anniversary.days")} min={1} max={MOST_DAYS} precision={0} value={Math.abs(value.from_days)} suffix={t("conditions.units.day", { count: 2 }).trim()} style={{ width: 120 }} onChange={(days) => set(sign * (days ?? 1), sign * (days ?? 1))} />}
        {when === "range" && (
          <>
            <InputNumber aria-label={t("conditions.anniversary.from")} min={-MOST_DAYS} max={MOST_DAYS} precision={0} value={value.from_days} style={{ width: 90 }} onChange={(days) => set(days ?? 0, Math.max(days ?? 0, value.to_days))} />
            –
            <InputNumber aria-label={t("conditions.anniversary.to")} min={-MOST_DAYS} max={MOST_DAYS} precision={0} value={value.to_days} style={{ width: 90 }} onChange={(days) => set(Math.min(days ?? 0, value.from_days), days ?? 0)} />
          </>
        )}
      </div>
      <span style={{ fontSize: 12, opacity: 0.8 }}>{t(when === "range" ? "conditions.anniversary.rangeHint" : "conditions.anniversary.hint")}</span>
    </div>
  );
}

function whenOf({ from_days, to_days }: Anniversary): When {
  if (from_days !== to_days) return "range";
  return from_days === 0 ? "today" : from_days > 0 ? "ahead" : "ago";
}
