import { Alert, Tabs } from "antd";
import { lazy, type ReactNode, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { PageFrame, useUrlState } from "@/components/page";
import { useProject } from "@/session/session";
import { ApprovalsTab } from "../approvals/ApprovalsTab";
import { PlanTab } from "../plan/PlanTab";
import { LeverMark } from "../shared/Marks";
import { useCampaign } from "../shared/queries";
import type { Campaign } from "../shared/types";
import { useSaid } from "../shared/words";
import { TalkTab } from "../talk/TalkTab";
import { WorkTab } from "../work/WorkTab";
import { ProgressCard } from "./ProgressCard";
import { StateBar } from "./StateBar";
import { Verbs } from "./Verbs";
import "../campaigns.css";

const PreflightTab = lazy(async () => ({ default: (await import("../preflight/PreflightTab")).PreflightTab }));
const RehearsalTab = lazy(async () => ({ default: (await import("../rehearsal/RehearsalTab")).RehearsalTab }));
const ReportTab = lazy(async () => ({ default: (await import("../report/ReportTab")).ReportTab }));

/** Everything about one campaign, from idea to verdict. */
export function CampaignPage() {
  const { campaignId = "" } = useParams();
  const campaign = useCampaign(campaignId);
  if (campaign.isPending) return <Waiting />;
  if (campaign.error) return <Failure error={campaign.error} retry={() => void campaign.refetch()} />;
  return <Shown key={campaignId} campaign={campaign.data} />;
}

const BEGUN = ["running", "paused", "finished", "evaluated"];

function Shown({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const url = useUrlState();
  const begun = BEGUN.includes(campaign.status);
  const tabs: [string, ReactNode][] = [
    ["plan", <PlanTab key="plan" campaign={campaign} />],
    ["preflight", <PreflightTab key="preflight" campaign={campaign} />],
    ["rehearsal", <RehearsalTab key="rehearsal" campaign={campaign} />],
    ["work", <WorkTab key="work" campaign={campaign} />],
    ["approvals", <ApprovalsTab key="approvals" campaign={campaign} />],
    ["talk", <TalkTab key="talk" campaign={campaign} />],
    ...(begun ? ([["report", <ReportTab key="report" campaign={campaign} />]] as [string, ReactNode][]) : []),
  ];
  const wanted = url.get("tab") || (begun ? "report" : "plan");
  const tab = tabs.some(([key]) => key === wanted) ? wanted : "plan";
  return (
    <PageFrame title={campaign.name} hint={<Hint campaign={campaign} />} extra={<Verbs campaign={campaign} />}>
      <StateBar status={campaign.status} />
      <Problem campaign={campaign} />
      {(campaign.status === "running" || campaign.status === "paused") && <ProgressCard campaign={campaign} />}
      <Tabs
        destroyOnHidden
        activeKey={tab}
        onChange={(key) => url.change({ tab: key, at: null })}
        items={tabs.map(([key, content]) => ({ key, label: t(`campaigns.tabs.${key as "plan"}`), children: <Suspense fallback={<Waiting />}>{content}</Suspense> }))}
      />
    </PageFrame>
  );
}

function Hint({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const project = useProject();
  return (
    <span className="row" style={{ gap: 6 }}>
      <LeverMark lever={campaign.lever} />
      {campaign.owner_name && <span>{t("campaigns.ownedBy", { name: campaign.owner_name })}</span>}
      {campaign.copied_from && <Link to={`/p/${project.id}/campaigns/${campaign.copied_from}`}>{t("campaigns.copiedFrom")}</Link>}
      <span>{campaign.description}</span>
    </span>
  );
}

/** Why it did not start when it was due. */
function Problem({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const said = useSaid();
  const problem = campaign.problem as { en: string; zh: string } | null;
  if (!problem) return null;
  return <Alert type="error" showIcon title={t("campaigns.problem")} description={said(problem)} />;
}
