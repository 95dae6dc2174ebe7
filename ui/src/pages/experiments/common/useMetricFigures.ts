import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { isShare } from "./types";

/** The figures of a kind of metric as the reader's language writes them. `side`: what an open end is. */
export function metricFigures(kind: string, language: string) {
  const locale = language === "zh" ? "zh-CN" : "en-US";
  const points = language === "zh" ? " 个百分点" : " pts";
  const share = isShare(kind);
  const plain = new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 2 });
  const fixed = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const open = (side: number) => (side < 0 ? "-∞" : side > 0 ? "∞" : "–");
  const signed = (value: number, text: string) => (value > 0 ? `+${text}` : text);
  return {
    value: (value: number | null | undefined) => (value == null ? "–" : share ? percent.format(value) : plain.format(value)),
    difference: (value: number | null | undefined, side = 0) => (value == null ? open(side) : signed(value, share ? `${fixed.format(value * 100)}${points}` : plain.format(value))),
    relative: (value: number | null | undefined, side = 0) => (value == null ? open(side) : signed(value, percent.format(value))),
  };
}

export function useMetricFigures(kind: string) {
  const { i18n } = useTranslation();
  return useMemo(() => metricFigures(kind, i18n.language), [kind, i18n.language]);
}
