import dayjs from "dayjs";
import { createContext, useContext, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useCodeName } from "@/query/codes";
import type { Breakdown, BreakdownValue, Interval } from "@/query/types";

/** Numbers, shares, durations and days as the reader's language writes them. */
export function figuresOf(language: string) {
  const locale = language === "zh" ? "zh-CN" : "en-US";
  const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const short = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
  const share = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const chinese = language === "zh";
  const units = chinese ? (["秒", "分", "小时", "天"] as const) : (["s", "min", "h", "d"] as const);
  const number = (value: number | null | undefined) => (value == null ? "–" : plain.format(value));
  return {
    number,
    /** From the first to just before the second. */
    range: (low: number, high: number) => `${number(low)} – ${number(high)}`,
    compact: (value: number | null | undefined) => (value == null ? "–" : Math.abs(value) < 1000 ? number(value) : short.format(value)),
    percent: (value: number | null | undefined) => (value == null ? "–" : share.format(value)),
    duration: (seconds: number | null | undefined) => {
      if (seconds == null) return "–";
      const [size, unit] =
        seconds < 90 ? [1, units[0]] : seconds < 5400 ? [60, units[1]] : seconds < 129_600 ? [3600, units[2]] : [86_400, units[3]];
      return `${plain.format(Math.round((seconds / size) * 10) / 10)} ${unit}`;
    },
    bucket: (bucket: string, interval: Interval | null | undefined) => bucketLabel(bucket, interval, chinese),
  };
}

/** The name of a bucket: its day, month or hour, without what all have. */
export function bucketLabel(bucket: string, interval: Interval | null | undefined, chinese: boolean): string {
  const day = dayjs(bucket.length > 10 ? bucket.slice(0, 16) : bucket);
  if (!day.isValid()) return bucket;
  switch (interval) {
    case "hour":
      return day.format("MM-DD HH:mm");
    case "month":
      return day.format("YYYY-MM");
    case "quarter":
      return `${day.year()} Q${Math.floor(day.month() / 3) + 1}`;
    case "year":
      return day.format("YYYY");
    case "week":
      return chinese ? `${day.format("MM-DD")} 周` : `wk ${day.format("MM-DD")}`;
    default:
      return day.format("MM-DD");
  }
}

export type Figures = ReturnType<typeof figuresOf>;

export function useFigures(): Figures {
  const { i18n } = useTranslation();
  return useMemo(() => figuresOf(i18n.language), [i18n.language]);
}

/** What the result that is drawn is split by. */
export const BreakdownContext = createContext<readonly Breakdown[]>([]);

/** What to call a group of a breakdown, in words where values are codes. */
export function useGroupName(): (values: readonly BreakdownValue[] | BreakdownValue | null | undefined) => string {
  const { t } = useTranslation();
  const codeName = useCodeName();
  const breakdowns = useContext(BreakdownContext);
  const one = (each: BreakdownValue, at: number) => {
    const ref = breakdowns[at]?.property;
    return (ref && !each.other ? codeName(ref, each.value) : null) ?? plain(each);
  };
  const plain = (each: BreakdownValue) => (each.other ? t("common.other") : each.value === null || each.value === undefined ? t("common.none") : each.value === "" ? t("common.empty") : each.value);
  return (values) => {
    if (values == null) return t("common.all");
    const list = Array.isArray(values) ? (values as BreakdownValue[]) : [values as BreakdownValue];
    return list.length ? list.map(one).join(" · ") : t("common.all");
  };
}
