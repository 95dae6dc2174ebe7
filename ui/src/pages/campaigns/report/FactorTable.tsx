import { useTranslation } from "react-i18next";
import type { Interval, Report } from "../shared/types";
import { useCampaignFigures } from "../shared/words";

type Show = (value: number | null | undefined) => string;

/** Reach × effect × value as planned and as it came. */
export function FactorTable({ report }: { report: Report }) {
  const { t } = useTranslation();
  const { whole, points, money, span } = useCampaignFigures();
  const signless: Show = (value) => points(value, false);
  const rows: [string, number | null, Interval | null, Show][] = [
    [t("campaigns.report.factors.reach"), report.reach.planned, report.reach.actual, whole],
    [t("campaigns.report.factors.effect"), report.effect.planned, report.effect.actual, signless],
    [t("campaigns.report.factors.value"), report.conversion_value.planned, report.conversion_value.actual, money],
  ];
  if (report.split) rows.push([t("campaigns.report.result"), report.split.planned, report.split.actual, money]);
  return (
    <table className="figure-table" aria-label={t("campaigns.report.splitTitle")}>
      <thead>
        <tr>
          <th>{t("campaigns.report.factor")}</th>
          <th>{t("campaigns.report.planned")}</th>
          <th>{t("campaigns.report.actual")}</th>
          <th>{t("campaigns.report.interval")}</th>
          <th>{t("campaigns.report.ratio")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, planned, actual, show]) => (
          <tr key={name}>
            <td>{name}</td>
            <td>{show(planned)}</td>
            <td>{show(actual?.value)}</td>
            <td>{actual && actual.low !== actual.high ? span(actual, show) : "–"}</td>
            <td>{planned && actual ? `${Math.round((100 * actual.value) / planned)}%` : "–"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
