import { Button, Card, Table, Upload } from "antd";
import { useTranslation } from "react-i18next";
import { DeleteOutlined, UploadOutlined } from "@/components/icons";
import { LoadMore, Moment, useWording } from "@/components/page";
import { useMay } from "@/session/session";
import type { Campaign, CampaignFile, Task } from "../shared/types";
import { useFiles } from "./files";

/** Pictures, documents and tables that belong to a campaign. */
export function FilesCard({ campaign, tasks }: { campaign: Campaign; tasks: Task[] }) {
  const { t } = useTranslation();
  const may = useMay("edit_insights");
  const words = useWording();
  const { files, send, take, remove } = useFiles(campaign);
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
