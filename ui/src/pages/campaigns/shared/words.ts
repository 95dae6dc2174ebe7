import { useTranslation } from "react-i18next";
import { useFigures } from "@/results/figures";
import { useProject } from "@/session/session";
import type { Interval } from "./types";

/** A sentence of the server in the reader's language. */
export function useSaid(): (said: { en: string; zh: string }) => string {
  const { i18n } = useTranslation();
  return (said) => (i18n.language === "zh" ? said.zh : said.en);
}

export function moneyText(value: number | null | undefined, currency: string, language: string): string {
  if (value === null || value === undefined) return "–";
  const locale = language === "zh" ? "zh-CN" : "en-US";
  const digits = Math.abs(value) < 100 && !Number.isInteger(value) ? 2 : 0;
  return new Intl.NumberFormat(locale, { style: "currency", currency, currencyDisplay: "narrowSymbol", minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

/** Percentage points, as "+1.25". */
export function pointsText(value: number | null | undefined, digits = 2, sign = true): string {
  if (value === null || value === undefined) return "–";
  const text = (100 * value).toFixed(digits);
  return sign && value > 0 ? `+${text}` : text.replace("-", "−");
}

/** Figures of campaigns as the reader's language writes them. */
export function useCampaignFigures() {
  const { t, i18n } = useTranslation();
  const { currency } = useProject();
  const figures = useFigures();
  const money = (value: number | null | undefined) => moneyText(value, currency, i18n.language);
  const whole = (value: number | null | undefined) => figures.number(value === null || value === undefined ? value : Math.round(value));
  const points = (value: number | null | undefined, sign = true) => (value === null || value === undefined ? "–" : t("campaigns.points", { value: pointsText(value, 2, sign) }));
  const span = (interval: Interval | null | undefined, show: (value: number | null | undefined) => string) =>
    interval ? t("campaigns.report.span", { low: interval.low === null ? "?" : show(interval.low), high: interval.high === null ? "?" : show(interval.high) }) : "";
  return { ...figures, money, whole, points, span };
}
