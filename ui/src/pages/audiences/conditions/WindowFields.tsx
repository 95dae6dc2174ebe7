import { DatePicker, InputNumber, Select } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import type { DateUnit, SpanUnit, Window } from "./types";

const CHOICES = ["last", "lastWhole", "rolling", "ago", "since", "dates", "current", "ever"] as const;
type Choice = (typeof CHOICES)[number];
const DATE_UNITS = ["day", "week", "month", "quarter", "year"] as const;
const SPAN_UNITS = ["minute", "hour", "day", "week"] as const;
const DAY = "YYYY-MM-DD";

function choiceOf(window: Window): Choice {
  if (window.kind === "last") return window.include_current === false ? "lastWhole" : "last";
  return window.kind;
}

function windowOf(choice: Choice): Window {
  const today = dayjs();
  switch (choice) {
    case "last":
    case "lastWhole":
      return { kind: "last", count: choice === "last" ? 30 : 1, unit: choice === "last" ? "day" : "month", include_current: choice === "last" };
    case "rolling":
      return { kind: "rolling", span: { count: 24, unit: "hour" } };
    case "ago":
      return { kind: "ago", from_days: 60, to_days: 31 };
    case "since":
      return { kind: "since", from_date: today.startOf("month").format(DAY) };
    case "dates":
      return { kind: "dates", from_date: today.subtract(30, "day").format(DAY), to_date: today.format(DAY) };
    case "current":
      return { kind: "current", unit: "month" };
    case "ever":
      return { kind: "ever" };
  }
}

/** Since when, and until when, what people did counts. */
export function WindowFields({ value, onChange }: { value: Window; onChange: (window: Window) => void }) {
  const { t } = useTranslation();
  return (
    <>
      <Select<Choice>
        aria-label={t("conditions.window")}
        value={choiceOf(value)}
        popupMatchSelectWidth={false}
        style={{ minWidth: 108 }}
        options={CHOICES.map((each) => ({ value: each, label: t(`conditions.windows.${each}`) }))}
        onChange={(choice) => onChange(windowOf(choice))}
      />
      <Parts value={value} onChange={onChange} />
    </>
  );
}

function Parts({ value, onChange }: { value: Window; onChange: (window: Window) => void }) {
  const { t } = useTranslation();
  switch (value.kind) {
    case "last":
      return (
        <>
          <Count value={value.count} most={4000} label={t("conditions.count")} onChange={(count) => onChange({ ...value, count })} />
          <Units units={DATE_UNITS} value={value.unit as DateUnit} onChange={(unit) => onChange({ ...value, unit })} />
        </>
      );
    case "rolling":
      return (
        <>
          <Count value={value.span.count} most={100_000} label={t("conditions.count")} onChange={(count) => onChange({ ...value, span: { ...value.span, count } })} />
          <SpanUnits value={value.span.unit} onChange={(unit) => onChange({ ...value, span: { ...value.span, unit } })} />
        </>
      );
    case "ago":
      return (
        <>
          <Count value={value.from_days} least={0} most={40_000} label={t("conditions.fromDays")} onChange={(from_days) => onChange({ ...value, from_days, to_days: Math.min(value.to_days, from_days) })} />
          –
          <Count value={value.to_days} least={0} most={40_000} label={t("conditions.toDays")} onChange={(to_days) => onChange({ ...value, to_days, from_days: Math.max(value.from_days, to_days) })} />
          {t("conditions.daysAgo")}
        </>
      );
    case "since":
      return <DatePicker aria-label={t("conditions.windows.since")} allowClear={false} value={dayjs(value.from_date)} onChange={(day) => onChange({ ...value, from_date: day?.format(DAY) ?? value.from_date })} />;
    case "dates":
      return (
        <DatePicker.RangePicker
          aria-label={t("conditions.windows.dates")}
          allowClear={false}
          value={[dayjs(value.from_date), dayjs(value.to_date)]}
          onChange={(days) => days?.[0] && days[1] && onChange({ ...value, from_date: days[0].format(DAY), to_date: days[1].format(DAY) })}
        />
      );
    case "current":
      return <Units units={DATE_UNITS} value={value.unit as DateUnit} onChange={(unit) => onChange({ ...value, unit })} />;
    case "ever":
      return null;
  }
}

export function Count({ value, onChange, label, least = 1, most }: { value: number; onChange: (value: number) => void; label: string; least?: number; most?: number }) {
  return <InputNumber aria-label={label} min={least} max={most} precision={0} value={value} style={{ width: 72 }} onChange={(next) => onChange(next ?? least)} />;
}

function Units({ value, units, onChange }: { value: DateUnit; units: readonly DateUnit[]; onChange: (unit: DateUnit) => void }) {
  const { t } = useTranslation();
  return <Select<DateUnit> aria-label={t("conditions.unit")} value={value} popupMatchSelectWidth={false} options={units.map((each) => ({ value: each, label: t(`conditions.dateUnits.${each}`) }))} onChange={onChange} />;
}

export function SpanUnits({ value, onChange }: { value: SpanUnit; onChange: (unit: SpanUnit) => void }) {
  const { t } = useTranslation();
  return <Select<SpanUnit> aria-label={t("conditions.unit")} value={value} popupMatchSelectWidth={false} options={SPAN_UNITS.map((each) => ({ value: each, label: t(`insights.units.${each}`) }))} onChange={onChange} />;
}
