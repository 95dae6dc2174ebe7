import { useTranslation } from "react-i18next";
import type { Report } from "../shared/types";
import { useSaid } from "../shared/words";
import { VERDICT_TONES, verdictOf } from "./verdict";

/** The result in words: what can be said, and what cannot. */
export function VerdictBox({ report }: { report: Report }) {
  const { t } = useTranslation();
  const said = useSaid();
  const verdict = verdictOf(report);
  return (
    <section className={`verdict ${VERDICT_TONES[verdict]}`} aria-label={t("campaigns.report.verdict")}>
      <h2 data-testid="verdict">{t(`campaigns.report.verdicts.${verdict}`)}</h2>
      <div className="two-columns">
        <Sentences title={t("campaigns.report.canSay")} said={report.can_say.map(said)} none={t("campaigns.report.nothing")} />
        <Sentences title={t("campaigns.report.cannotSay")} said={report.cannot_say.map(said)} none={t("campaigns.report.nothingElse")} />
      </div>
    </section>
  );
}

function Sentences({ title, said, none }: { title: string; said: string[]; none: string }) {
  return (
    <div>
      <strong>{title}</strong>
      {said.length === 0 && <div>{none}</div>}
      <ul className="said">
        {said.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
    </div>
  );
}
