import { useTranslation } from "react-i18next";
import type { Report } from "../shared/types";
import { useCampaignFigures } from "../shared/words";

const LINES = ["actual", "offer", "messages", "total"] as const;

/** What it cost, line by line. */
export function CostTable({ report }: { report: Report }) {
  const { t } = useTranslation();
  const { money } = useCampaignFigures();
  return (
    <table className="figure-table" aria-label={t("campaigns.report.costs")}>
      <tbody>
        {LINES.map((line) => (
          <tr key={line}>
            <th scope="row">{t(`campaigns.report.costOf.${line}`)}</th>
            <td>{money(report.costs[line])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
