import { useTranslation } from "react-i18next";
import type { Interval, Report } from "../shared/types";
import { useCampaignFigures } from "../shared/words";

export interface KeyFigure {
  name: string;
  value: string;
  /** The interval, or what else belongs to it. */
  more: string;
}

/** What it brought and cost, with intervals. */
export function useKeyFigures(report: Report): KeyFigure[] {
  const { t } = useTranslation();
  const { money, whole, percent, span } = useCampaignFigures();
  const { costs } = report;
  const of = (name: string, interval: Interval | null, show: (value: number | null | undefined) => string): KeyFigure => ({ name, value: interval ? show(interval.value) : "–", more: interval ? span(interval, show) : t("campaigns.report.notKnown") });
  const found = [
    of(t("campaigns.report.conversions"), report.conversions, whole),
    of(t("campaigns.report.value"), report.value, money),
    { name: t("campaigns.report.cost"), value: money(costs.total), more: t("campaigns.report.costParts", { actual: money(costs.actual), offer: money(costs.offer), messages: money(costs.messages), planned: money(costs.planned) }) },
    of(t("campaigns.report.perConversion"), costs.per_conversion, money),
    of(t("campaigns.report.roi"), costs.roi, percent),
  ];
  if (report.goal) {
    const { goal } = report;
    found.push({ name: t("campaigns.report.goal", { name: goal.name }), value: whole(goal.value), more: goal.target === null ? "" : t("campaigns.report.goalTarget", { target: whole(goal.target) }) });
  }
  return found;
}
