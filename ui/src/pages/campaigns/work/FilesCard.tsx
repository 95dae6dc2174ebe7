import { Button, Card, Table, Upload } from "antd";
import { useTranslation } from "react-i18next";
import { api, ownHeaders, refusalOf, taken } from "@/api/client";
import { DeleteOutlined, UploadOutlined } from "@/components/icons";
import { download, LoadMore, Moment, useAction, usePages, useWording } from "@/components/page";
import { addressOf } from "@/query/requests";
import { useMay, useProject } from "@/session/session";
import type { Campaign, CampaignFile, Task } from "../shared/types";

/** Pictures, documents and tables that belong to a campaign. */
export function FilesCard({ campaign, tasks }: { campaign: Campaign; tasks: Task[] }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const may = useMay("edit_insights");
  const words = useWording();
  const key = ["campaign", project_id, campaign.id, "files"];
  const files = usePages(key, (cursor) => taken(api.GET("/api/projects/{project_id}/campaigns/{campaign_id}/files", { params: { path: { project_id, campaign_id: campaign.id }, query: { cursor } } })));
  const send = useAction((file: File) => upload(project_id, campaign.id, file), { done: t("campaigns.files.sent"), refresh: [key] });
  const take = useAction((file: CampaignFile) => download(addressOf(project_id, `campaigns/${campaign.id}/files/${file.id}`), file.name));
  const remove = useAction((file_id: string) => api.DELETE("/api/projects/{project_id}/campaigns/{campaign_id}/files/{file_id}", { params: { path: { project_id, campaign_id: campaign.id, file_id } } }), { done: t("common.removed"), refresh: [key] });
  const titles = new Map(tasks.map((each) => [each.id, each.title]));
  const pick = may && (
    <Upload showUploadList={false} beforeUpload={(file) => (send.mutate(file), false)}>
      <Button icon={<UploadOutlined />} loading={send.isPending}>
        {t("campaigns.files.send")}
      </Button>
    </Upload>
  );
  return (
    <Card size="small" title={t("campaigns.files.title")} extra={pick} styles={{ body: { padding: 0 } }}>
      <Table<CampaignFile>
        size="small"
        rowKey="id"
        loading={files.isPending}
        dataSource={files.items}
        pagination={false}
        scroll={{ x: 620 }}
        locale={{ emptyText: t("campaigns.files.empty") }}
        columns={[
          {
            title: t("campaigns.files.name"),
            key: "name",
            render: (_, each) => (
              <button type="button" className="clickable" onClick={() => take.mutate(each)}>
                {each.name}
              </button>
            ),
          },
          { title: t("campaigns.files.task"), key: "task", width: 180, ellipsis: true, render: (_, each) => (each.task_id ? titles.get(each.task_id) : "") },
          { title: t("campaigns.files.size"), key: "size", width: 100, align: "right", render: (_, each) => words.size(each.size_bytes) },
          { title: t("campaigns.files.by"), key: "by", width: 260, render: (_, each) => <>{each.created_by.name} · <Moment at={each.created_at} /></> },
          { title: <span className="sr-only">{t("common.actions")}</span>, key: "actions", width: 50, render: (_, each) => may && <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t("campaigns.files.remove", { name: each.name })} onClick={() => remove.mutate(each.id)} /> },
        ]}
      />
      <LoadMore list={files} />
    </Card>
  );
}

async function upload(projectId: string, campaignId: string, file: File): Promise<void> {
  const address = `${addressOf(projectId, `campaigns/${campaignId}/files`)}?${new URLSearchParams({ name: file.name })}`;
  const answer = await fetch(address, { method: "POST", credentials: "same-origin", headers: { ...ownHeaders(), "content-type": "application/octet-stream" }, body: file });
  if (!answer.ok) throw await refusalOf(answer);
}
