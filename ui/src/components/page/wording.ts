import dayjs from "dayjs";
import relativeTime from "dayjs/plugin/relativeTime";
import { useTranslation } from "react-i18next";

dayjs.extend(relativeTime);

/** Numbers and moments in words of the reader's language. */
export function useWording(timeZone?: string) {
  const { i18n } = useTranslation();
  const chinese = i18n.language === "zh";
  const locale = chinese ? "zh-CN" : "en-GB";
  return {
    number: (value: number) => new Intl.NumberFormat(locale).format(value),
    moment: (value: string | number, seconds = true) => momentText(value, locale, timeZone, seconds),
    day: (value: string | number) =>
      new Intl.DateTimeFormat(locale, { timeZone, year: "numeric", month: chinese ? "2-digit" : "short", day: "2-digit" }).format(new Date(value)),
    ago: (value: string | number) => dayjs(value).locale(chinese ? "zh-cn" : "en").fromNow(),
    size: (bytes: number) => sizeText(bytes, locale),
  };
}

function momentText(value: string | number, locale: string, timeZone: string | undefined, seconds: boolean): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: locale === "zh-CN" ? "2-digit" : "short",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: seconds ? "2-digit" : undefined,
  }).format(new Date(value));
}

const UNITS = ["B", "KB", "MB", "GB", "TB"] as const;

export function sizeText(bytes: number, locale: string): string {
  let place = 0;
  let size = bytes;
  while (size >= 1024 && place < UNITS.length - 1) {
    size /= 1024;
    place += 1;
  }
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: size < 10 && place > 0 ? 1 : 0 }).format(size)} ${UNITS[place]}`;
}

const GAP_UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

/** A span of time in its largest unit: "3 hours". */
export function spanText(milliseconds: number, language: string): string {
  const [unit, length] = GAP_UNITS.find((each) => milliseconds >= each[1]) ?? GAP_UNITS[3];
  const locale = language === "zh" ? "zh-CN" : "en-GB";
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(Math.max(1, Math.round(milliseconds / length)));
}
