import { useQuery } from "@tanstack/react-query";
import { Button, Input, List, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Kind } from "@/query/types";
import { useProject } from "@/session/session";

/** Saved insights to choose from. */
export function InsightPicker({ close, pick }: { close: () => void; pick: (insightId: string) => void }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const [search, setSearch] = useState("");
  const found = useQuery({
    queryKey: ["insights", project_id, "picker", search],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/insights", { params: { path: { project_id }, query: { search: search || null, limit: 50 } } })),
    placeholderData: (before) => before,
  });
  const choose = (id: string) => {
    pick(id);
    close();
  };
  return (
    <Modal open title={t("dashboards.addInsight")} onCancel={close} footer={null}>
      <Input.Search allowClear autoFocus aria-label={t("common.search")} placeholder={t("common.search")} onSearch={setSearch} style={{ marginBottom: 8 }} />
      <List
        size="small"
        loading={found.isPending}
        style={{ maxHeight: 400, overflow: "auto" }}
        dataSource={found.data?.items ?? []}
        locale={{ emptyText: t("insights.noInsights") }}
        renderItem={(insight) => (
          <List.Item>
            <Button type="text" block style={{ textAlign: "left" }} onClick={() => choose(insight.id)}>
              {insight.name} <small>{insight.query ? t(`insights.kinds.${insight.query.kind as Kind}`) : ""}</small>
            </Button>
          </List.Item>
        )}
      />
    </Modal>
  );
}
