import { useTranslation } from "react-i18next";
import type { Report } from "../shared/types";
import { useCampaignFigures } from "../shared/words";
import type { WaterfallBar } from "./Waterfall";

/** From the planned result over what each cause explains to the actual one; null where that cannot be told. */
export function useWaterfall(report: Report): { bars: WaterfallBar[]; label: string } | null {
  const { t } = useTranslation();
  const { money } = useCampaignFigures();
  const { split } = report;
  if (!split) return null;
  const signed = (value: number) => `${value > 0 ? "+" : ""}${money(value)}`;
  const bars: WaterfallBar[] = [{ name: t("campaigns.report.planned"), from: 0, to: split.planned, total: true, label: money(split.planned) }];
  let at = split.planned;
  for (const each of split.parts) {
    bars.push({ name: t(`campaigns.report.causes.${each.cause}`), from: at, to: at + each.amount.value, interval: each.amount, label: signed(each.amount.value) });
    at += each.amount.value;
  }
  bars.push({ name: t("campaigns.report.actual"), from: 0, to: split.actual.value, total: true, interval: split.actual, label: money(split.actual.value) });
  return { bars, label: `${t("campaigns.report.splitTitle")}: ${bars.map((each) => `${each.name} ${each.label}`).join(", ")}` };
}
