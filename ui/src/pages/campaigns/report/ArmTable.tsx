import { useTranslation } from "react-i18next";
import { HOLDOUT, type Report } from "../shared/types";
import { useCampaignFigures } from "../shared/words";

export type Of = "people" | "reached" | "converted" | "delivered" | "opened" | "clicked" | "replied" | "bounced" | "complained" | "unsubscribed" | "suppressed";
export interface Behind {
  arm: string;
  of: Of;
}

const STEPS: readonly Of[] = ["delivered", "opened", "clicked", "bounced", "unsubscribed", "complained", "suppressed"];

/** The figures of each arm; numbers are buttons where people can be opened. */
export function ArmTable({ report, open }: { report: Report; open?: (behind: Behind) => void }) {
  const { t } = useTranslation();
  const { whole, money, percent, span } = useCampaignFigures();
  const steps = STEPS.filter((step) => report.arms.some((each) => (each.steps[step] ?? 0) > 0));
  const nameOf = (arm: Report["arms"][number]) => (arm.name === HOLDOUT ? t("campaigns.holdout") : arm.label || arm.name);
  const figure = (arm: Report["arms"][number], of: Of, value: number) =>
    open && value > 0 ? (
      <button type="button" className="clickable" aria-label={`${nameOf(arm)}, ${t(`campaigns.report.steps.${of}`)}: ${value}`} onClick={() => open({ arm: arm.name, of })}>
        {whole(value)}
      </button>
    ) : (
      whole(value)
    );
  return (
    <table className="figure-table" aria-label={t("campaigns.report.arms")}>
      <thead>
        <tr>
          <th>{t("campaigns.report.arm")}</th>
          <th>{t("campaigns.report.steps.people")}</th>
          <th>{t("campaigns.report.steps.reached")}</th>
          {steps.map((step) => (
            <th key={step}>{t(`campaigns.report.steps.${step}`)}</th>
          ))}
          <th>{t("campaigns.report.steps.converted")}</th>
          <th>{t("campaigns.report.rate")}</th>
          <th>{t("campaigns.report.each")}</th>
        </tr>
      </thead>
      <tbody>
        {report.arms.map((arm) => (
          <tr key={arm.name}>
            <td>{nameOf(arm)}</td>
            <td>{figure(arm, "people", arm.people)}</td>
            <td>{figure(arm, "reached", arm.reached)}</td>
            {steps.map((step) => (
              <td key={step}>{figure(arm, step, arm.steps[step] ?? 0)}</td>
            ))}
            <td>{figure(arm, "converted", arm.converted)}</td>
            <td>
              {percent(arm.rate?.value)} <small>{span(arm.rate, percent)}</small>
            </td>
            <td>
              {money(arm.value_per_person?.value)} <small>{span(arm.value_per_person, money)}</small>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
