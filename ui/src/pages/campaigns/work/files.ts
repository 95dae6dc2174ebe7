import { useTranslation } from "react-i18next";
import { api, ownHeaders, refusalOf, taken } from "@/api/client";
import { download, useAction, usePages } from "@/components/page";
import { addressOf } from "@/query/requests";
import { useProject } from "@/session/session";
import type { Campaign, CampaignFile } from "../shared/types";

/** The files of a campaign, or of one of its tasks, and what can be done with them. */
export function useFiles(campaign: Campaign, taskId?: string) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const all = ["campaign", project_id, campaign.id, "files"];
  const files = usePages([...all, taskId ?? ""], (cursor) => taken(api.GET("/api/projects/{project_id}/campaigns/{campaign_id}/files", { params: { path: { project_id, campaign_id: campaign.id }, query: { cursor, task_id: taskId } } })));
  const send = useAction((file: File) => upload(project_id, campaign.id, file, taskId), { done: t("campaigns.files.sent"), refresh: [all] });
  const take = useAction((file: CampaignFile) => download(addressOf(project_id, `campaigns/${campaign.id}/files/${file.id}`), file.name));
  const remove = useAction((file_id: string) => api.DELETE("/api/projects/{project_id}/campaigns/{campaign_id}/files/{file_id}", { params: { path: { project_id, campaign_id: campaign.id, file_id } } }), { done: t("common.removed"), refresh: [all] });
  return { files, send, take, remove };
}

async function upload(projectId: string, campaignId: string, file: File, taskId?: string): Promise<void> {
  const address = `${addressOf(projectId, `campaigns/${campaignId}/files`)}?${new URLSearchParams({ name: file.name, ...(taskId && { task_id: taskId }) })}`;
  const answer = await fetch(address, { method: "POST", credentials: "same-origin", headers: { ...ownHeaders(), "content-type": "application/octet-stream" }, body: file });
  if (!answer.ok) throw await refusalOf(answer);
}
