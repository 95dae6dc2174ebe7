import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Card, Input, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { Mark, Moment, useAction } from "@/components/page";
import { useMe, useProject } from "@/session/session";
import type { Approvals, Campaign } from "../shared/types";
import { useCampaignFigures } from "../shared/words";
import { RulesCard } from "./RulesCard";

/** Who has to agree before it starts, who did, and the rules that ask for it. */
export function ApprovalsTab({ campaign }: { campaign: Campaign }) {
  const { id: project_id } = useProject();
  const approvals = useQuery({
    queryKey: ["campaign", project_id, campaign.id, "approvals"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/campaigns/{campaign_id}/approvals", { params: { path: { project_id, campaign_id: campaign.id } } })),
  });
  if (approvals.isPending) return <Waiting />;
  if (approvals.error) return <Failure error={approvals.error} retry={() => void approvals.refetch()} />;
  return (
    <div className="stack" style={{ gap: 16 }}>
      <Demands campaign={campaign} state={approvals.data} />
      <Decide campaign={campaign} state={approvals.data} />
      <Decisions state={approvals.data} />
      <RulesCard />
    </div>
  );
}

function useRoleNames(): (roles: readonly string[]) => string {
  const { t } = useTranslation();
  return (roles) => roles.map((each) => t(`access.roles.${each as "owner"}`)).join(" / ");
}

function Demands({ campaign, state }: { campaign: Campaign; state: Approvals }) {
  const { t } = useTranslation();
  const roles = useRoleNames();
  const { money, number } = useCampaignFigures();
  return (
    <Card size="small" title={t("campaigns.approvals.needed")}>
      <div className="stack">
        <span>{t("campaigns.approvals.asked", { count: state.reach, budget: money(state.budget), reach: number(state.reach) })}</span>
        {state.demands.length === 0 && <Alert type="success" showIcon title={t("campaigns.approvals.none")} />}
        {state.demands.map((each) => (
          <div key={each.rule_id} className="row">
            <Mark tone={each.met ? "good" : "care"}>{t(each.met ? "campaigns.approvals.met" : "campaigns.approvals.open")}</Mark>
            <strong>{each.name}</strong>
            <span>{t("campaigns.approvals.demand", { roles: roles(each.roles), approved: each.approved, needed: each.needed })}</span>
          </div>
        ))}
        {campaign.status === "draft" && state.demands.length > 0 && <span>{t("campaigns.approvals.submitFirst")}</span>}
      </div>
    </Card>
  );
}

/** Agreeing, or sending it back with a reason; only for whom a rule names. */
function Decide({ campaign, state }: { campaign: Campaign; state: Approvals }) {
  const { t } = useTranslation();
  const { id: project_id, role } = useProject();
  const { member } = useMe();
  const [note, setNote] = useState("");
  const decide = useAction(
    (decision: "approved" | "rejected") => taken(api.POST("/api/projects/{project_id}/campaigns/{campaign_id}/approvals", { params: { path: { project_id, campaign_id: campaign.id } }, body: { decision, note: note.trim() } })),
    { done: (_, decision) => t(decision === "approved" ? "campaigns.approvals.agreed" : "campaigns.approvals.returned"), refresh: [["campaign", project_id, campaign.id], ["campaigns", project_id]] },
  );
  const asked = state.demands.some((each) => (each.roles as string[]).includes(role));
  if (campaign.status !== "review" || !asked) return null;
  if (state.decisions.some((each) => each.member_id === member.id)) return null;
  if (campaign.submitted_by?.id === member.id || campaign.updated_by.id === member.id) return <Alert type="info" showIcon title={t("campaigns.approvals.own")} />;
  return (
    <Card size="small" title={t("campaigns.approvals.decide")}>
      <div className="stack">
        <Input.TextArea aria-label={t("campaigns.approvals.note")} placeholder={t("campaigns.approvals.note")} maxLength={2000} autoSize={{ minRows: 2, maxRows: 6 }} value={note} onChange={(event) => setNote(event.target.value)} />
        <div className="row">
          <Button type="primary" loading={decide.isPending} onClick={() => decide.mutate("approved")}>
            {t("campaigns.approvals.agree")}
          </Button>
          <Button danger disabled={!note.trim() || decide.isPending} onClick={() => decide.mutate("rejected")}>
            {t("campaigns.approvals.return")}
          </Button>
          <span style={{ fontSize: 13, opacity: 0.85 }}>{t("campaigns.approvals.reasonHint")}</span>
        </div>
      </div>
    </Card>
  );
}

type Decision = Approvals["decisions"][number];

function Decisions({ state }: { state: Approvals }) {
  const { t } = useTranslation();
  const roles = useRoleNames();
  if (state.decisions.length === 0) return null;
  return (
    <Card size="small" title={t("campaigns.approvals.decisions")} styles={{ body: { padding: 0 } }}>
      <Table<Decision>
        size="small"
        rowKey="id"
        pagination={false}
        scroll={{ x: 620 }}
        dataSource={state.decisions}
        columns={[
          { title: t("campaigns.approvals.who"), key: "who", render: (_, each) => `${each.member_name} · ${roles([each.role])}` },
          { title: t("campaigns.approvals.decision"), key: "decision", width: 110, render: (_, each) => <Mark tone={each.decision === "approved" ? "good" : "bad"}>{t(`campaigns.approvals.words.${each.decision}`)}</Mark> },
          { title: t("campaigns.approvals.reason"), dataIndex: "note" },
          { title: t("campaigns.approvals.when"), key: "at", width: 190, render: (_, each) => <Moment at={each.at} /> },
        ]}
      />
    </Card>
  );
}
