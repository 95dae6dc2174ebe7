import { CalendarOutlined, DownOutlined } from "@/components/icons";
import { Button, DatePicker, Popover } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Period } from "@/query/types";

const last = (count: number, unit: "day" | "week" | "month", include_current = true): Period => ({ kind: "last", count, unit, include_current });

export const PRESETS = {
  today: { kind: "current", unit: "day" },
  yesterday: last(1, "day", false),
  last7: last(7, "day"),
  last30: last(30, "day"),
  last90: last(90, "day"),
  thisWeek: { kind: "current", unit: "week" },
  lastWeek: last(1, "week", false),
  thisMonth: { kind: "current", unit: "month" },
  lastMonth: last(1, "month", false),
  last12Weeks: last(12, "week"),
  last12Months: last(12, "month"),
  thisYear: { kind: "current", unit: "year" },
} as const satisfies Record<string, Period>;
type Preset = keyof typeof PRESETS;

function same(one: Period, other: Period): boolean {
  return JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
}

/** What a period is called. */
export function usePeriodName(): (period: Period) => string {
  const { t } = useTranslation();
  return (period) => {
    const preset = (Object.keys(PRESETS) as Preset[]).find((name) => same(PRESETS[name], period));
    if (preset) return t(`insights.periods.${preset}`);
    if (period.kind === "dates") return `${period.from_date} – ${period.to_date}`;
    if (period.kind === "last") return t("insights.lastUnits", { count: period.count, unit: t(`insights.intervals.${period.unit}`) });
    return t("insights.currentUnit", { unit: t(`insights.intervals.${period.unit}`) });
  };
}

interface Props {
  value: Period;
  onChange: (period: Period) => void;
}

/** The one control for which days a page is about. */
export function PeriodPicker({ value, onChange }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const nameOf = usePeriodName();
  const choose = (period: Period) => {
    onChange(period);
    setOpen(false);
  };
  const range: [dayjs.Dayjs, dayjs.Dayjs] | null = value.kind === "dates" ? [dayjs(value.from_date), dayjs(value.to_date)] : null;
  const content = (
    <div className="stack" style={{ width: 340 }}>
      <div style={{ display: "grid", gridTemplateColumns: "repeat(3, 1fr)", gap: 6 }}>
        {(Object.keys(PRESETS) as Preset[]).map((name) => (
          <Button key={name} size="small" type={same(PRESETS[name], value) ? "primary" : "default"} onClick={() => choose(PRESETS[name])}>
            {t(`insights.periods.${name}`)}
          </Button>
        ))}
      </div>
      <DatePicker.RangePicker
        value={range}
        allowClear={false}
        aria-label={t("insights.customPeriod")}
        onChange={(days) =>
          days?.[0] &&
          days[1] &&
          choose({ kind: "dates", from_date: days[0].format("YYYY-MM-DD"), to_date: days[1].format("YYYY-MM-DD") })
        }
      />
    </div>
  );
  return (
    <Popover open={open} onOpenChange={setOpen} trigger="click" placement="bottomLeft" content={content}>
      <Button icon={<CalendarOutlined />} aria-label={`${t("insights.period")}: ${nameOf(value)}`}>
        {nameOf(value)} <DownOutlined style={{ fontSize: 10 }} />
      </Button>
    </Popover>
  );
}
