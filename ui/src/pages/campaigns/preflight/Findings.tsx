import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Mark } from "@/components/page";
import { useProject } from "@/session/session";
import { addressOf, placeOf } from "../shared/mending";
import type { Campaign, Finding } from "../shared/types";
import { useSaid } from "../shared/words";

const TONES = { block: "bad", warn: "care", note: "quiet" } as const;

/** What was found, what blocks first, each with the way to where it is mended. */
export function Findings({ campaign, findings }: { campaign: Campaign; findings: Finding[] }) {
  const { t } = useTranslation();
  const said = useSaid();
  return (
    <ul className="findings" aria-label={t("campaigns.preflight.findings")}>
      {findings.map((each, place) => (
        <li key={place} className={each.level}>
          <Mark tone={TONES[each.level]}>{t(`campaigns.preflight.levels.${each.level}`)}</Mark>
          <div className="grow">
            <div>{said(each.message)}</div>
            {each.hint && <div style={{ fontSize: 13, opacity: 0.85 }}>{said(each.hint)}</div>}
          </div>
          {each.level !== "note" && <Mend campaign={campaign} finding={each} />}
        </li>
      ))}
    </ul>
  );
}

function Mend({ campaign, finding }: { campaign: Campaign; finding: Finding }) {
  const { t } = useTranslation();
  const { id } = useProject();
  const other = finding.figures?.campaign_id;
  if (typeof other === "string") return <Link to={`/p/${id}/campaigns/${other}`}>{t("campaigns.preflight.look")}</Link>;
  const template = templateOf(campaign, finding);
  if (template) return <Link to={`/p/${id}/templates/${template}`}>{t("campaigns.preflight.mendTemplate")}</Link>;
  return (
    <Link to={addressOf(id, campaign.id, placeOf(finding.path))} aria-label={`${t("campaigns.preflight.mend")}: ${finding.code}`}>
      {t("campaigns.preflight.mend")}
    </Link>
  );
}

/** The template that cannot be written for somebody. */
function templateOf(campaign: Campaign, finding: Finding): string | null {
  if (finding.code !== "template_fault") return null;
  const step = finding.path.split(".").at(-1);
  return campaign.plan.messages?.find((each) => each.step === step)?.template_id ?? null;
}
