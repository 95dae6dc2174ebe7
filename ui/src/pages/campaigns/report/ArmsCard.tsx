import { Card } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { SubjectPeopleDrawer } from "@/pages/audiences/common/SubjectPeople";
import { useProject } from "@/session/session";
import { type Campaign, HOLDOUT, type Report } from "../shared/types";
import { ArmTable, type Behind } from "./ArmTable";

/** What each arm's people did; every number opens the people behind it. */
export function ArmsCard({ campaign, report }: { campaign: Campaign; report: Report }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const [behind, open] = useState<Behind | null>(null);
  const labels = new Map(report.arms.map((each) => [each.name, each.name === HOLDOUT ? t("campaigns.holdout") : each.label || each.name]));
  return (
    <Card size="small" title={t("campaigns.report.arms")}>
      <div className="scroll-x" role="region" tabIndex={0} aria-label={t("campaigns.report.arms")}>
        <ArmTable report={report} open={open} />
      </div>
      {behind && (
        <SubjectPeopleDrawer
          title={`${labels.get(behind.arm) ?? behind.arm} · ${t(`campaigns.report.steps.${behind.of}`)}`}
          close={() => open(null)}
          empty={t("campaigns.report.nobody")}
          queryKey={["campaign", project_id, campaign.id, "people", behind.arm, behind.of]}
          read={(cursor) => taken(api.GET("/api/projects/{project_id}/campaigns/{campaign_id}/report/people", { params: { path: { project_id, campaign_id: campaign.id }, query: { arm: behind.arm, of: behind.of, cursor, limit: 50 } } }))}
        />
      )}
    </Card>
  );
}
