import { useTranslation } from "react-i18next";
import { useWording } from "@/components/page";
import { useProject } from "@/session/session";
import type { Campaign, Look, Report } from "../../shared/types";
import { useCampaignFigures, useSaid } from "../../shared/words";
import { ArmTable } from "../ArmTable";
import { CostTable } from "../CostTable";
import { EffectTable } from "../EffectTable";
import { FactorTable } from "../FactorTable";
import { useKeyFigures } from "../keyFigures";
import { LooksChart } from "../LooksChart";
import { VERDICT_TONES, verdictOf } from "../verdict";
import { Waterfall } from "../Waterfall";
import { useWaterfall } from "../waterfallBars";

interface Props {
  campaign: Campaign;
  report: Report;
  looks: Look[];
}

/** The report as it is laid on paper: sections that are not torn apart. */
export function Paper({ campaign, report, looks }: Props) {
  const { t } = useTranslation();
  const said = useSaid();
  const { money } = useCampaignFigures();
  const split = useWaterfall(report);
  const verdict = verdictOf(report);
  return (
    <>
      <Head campaign={campaign} report={report} />
      <section className={`paper-verdict ${VERDICT_TONES[verdict]}`}>
        <h2>{t(`campaigns.report.verdicts.${verdict}`)}</h2>
        <Sentences title={t("campaigns.report.canSay")} said={report.can_say.map(said)} />
        <Sentences title={t("campaigns.report.cannotSay")} said={report.cannot_say.map(said)} />
      </section>
      <section>
        <Figures report={report} />
      </section>
      <section>
        <h2>{t("campaigns.report.costs")}</h2>
        <CostTable report={report} />
      </section>
      <section>
        <h2>{t("campaigns.report.splitTitle")}</h2>
        <FactorTable report={report} />
        {split && <Waterfall bars={split.bars} label={split.label} show={money} />}
        <p className="small">{t(split ? "campaigns.report.splitHint" : "campaigns.report.noSplit")}</p>
      </section>
      {report.effects.length > 0 && (
        <section>
          <h2>{t("campaigns.report.effects")}</h2>
          <EffectTable report={report} />
        </section>
      )}
      {looks.some((each) => each.difference) && (
        <section>
          <h2>{t("campaigns.report.looks")}</h2>
          <LooksChart looks={looks} />
          <p className="small">{t("campaigns.report.looksHint")}</p>
        </section>
      )}
      <section>
        <h2>{t("campaigns.report.arms")}</h2>
        <ArmTable report={report} />
      </section>
      <section>
        <h2>{t("campaigns.report.checks")}</h2>
        <ul>
          {report.checks.map((each) => (
            <li key={each.code}>
              <strong>{t(each.failed ? "campaigns.report.failed" : "campaigns.report.passed")}</strong> {t(`campaigns.report.checkNames.${each.code}`)}
              {t("campaigns.report.colon")}
              {said(each.message)}
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function Head({ campaign, report }: { campaign: Campaign; report: Report }) {
  const { t } = useTranslation();
  const project = useProject();
  const words = useWording(project.time_zone);
  const { starts_at, ends_at } = campaign.plan;
  return (
    <section className="paper-head">
      <h1>{campaign.name}</h1>
      <p>
        {project.name} · {t("campaigns.report.paperTitle")} · {t(`campaigns.statuses.${campaign.status}`)}
      </p>
      <p className="small">
        {starts_at && t("campaigns.report.ran", { from: words.day(starts_at), to: ends_at ? words.day(ends_at) : "–" })} · {t("campaigns.report.asOf")} {words.moment(report.at, false)} · {t(report.final ? "campaigns.report.final" : "campaigns.report.notFinal")}
        {campaign.owner_name && ` · ${t("campaigns.ownedBy", { name: campaign.owner_name })}`}
      </p>
    </section>
  );
}

function Sentences({ title, said }: { title: string; said: string[] }) {
  if (said.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul>
        {said.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
    </>
  );
}

function Figures({ report }: { report: Report }) {
  return (
    <div className="paper-figures">
      {useKeyFigures(report).map((each) => (
        <div key={each.name}>
          <div className="small">{each.name}</div>
          <strong>{each.value}</strong>
          <div className="small">{each.more}</div>
        </div>
      ))}
    </div>
  );
}
