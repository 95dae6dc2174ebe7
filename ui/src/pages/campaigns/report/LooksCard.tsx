import { useQuery } from "@tanstack/react-query";
import { Card } from "antd";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { useProject } from "@/session/session";
import type { Campaign, Look } from "../shared/types";
import { LooksChart } from "./LooksChart";

/** The looks since the start. */
export function useLooks(campaign: Campaign) {
  const { id: project_id } = useProject();
  return useQuery({
    queryKey: ["campaign", project_id, campaign.id, "looks", campaign.status],
    queryFn: (): Promise<Look[]> => taken(api.GET("/api/projects/{project_id}/campaigns/{campaign_id}/report/looks", { params: { path: { project_id, campaign_id: campaign.id } } })),
  });
}

/** How sure one could be when: the interval narrows as people convert. */
export function LooksCard({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const looks = useLooks(campaign);
  return (
    <Card size="small" title={t("campaigns.report.looks")}>
      {looks.isPending && <Waiting height={120} />}
      {looks.error && <Failure small error={looks.error} retry={() => void looks.refetch()} />}
      {looks.data && (looks.data.some((each) => each.difference) ? <LooksChart looks={looks.data} /> : <span>{t("campaigns.report.noLooks")}</span>)}
      <small style={{ opacity: 0.85 }}>{t("campaigns.report.looksHint")}</small>
    </Card>
  );
}
