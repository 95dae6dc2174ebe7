import { Card } from "antd";
import { useTranslation } from "react-i18next";
import { Mark } from "@/components/page";
import type { Reading } from "../common/types";

/** The checks that forbid a verdict when they fail. */
export function ChecksCard({ reading }: { reading: Reading }) {
  const { t } = useTranslation();
  const nameOf = (key: string | null | undefined) => reading.metrics.find((each) => each.key === key)?.name ?? "";
  return (
    <Card size="small" title={t("experiments.reading.checks")}>
      <table className="intervals" aria-label={t("experiments.reading.checks")}>
        <tbody>
          {reading.checks.map((check, place) => (
            <tr key={place}>
              <th scope="row" style={{ maxWidth: 320 }}>
                {t(`experiments.reading.checkNames.${check.kind}`)}
                <div style={{ fontSize: 12.5, opacity: 0.88, fontWeight: 400 }}>{t(`experiments.reading.checkHints.${check.kind}`, { metric: nameOf(check.metric) })}</div>
              </th>
              <td style={{ textAlign: "end" }}>
                <Mark tone={check.failed ? "bad" : check.p_value === null ? "quiet" : "good"}>{t(check.failed ? "experiments.reading.failed" : check.p_value === null ? "experiments.reading.untested" : "experiments.reading.passed")}</Mark>
                {check.p_value !== null && <div className="figure" style={{ fontSize: 12.5 }}>{`p ${chance(check.p_value)}`}</div>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

/** A p-value as people write it. */
export function chance(value: number): string {
  return value < 0.0001 ? "< 0.0001" : `= ${Number(value.toPrecision(2))}`;
}
