import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Drawer, List, Typography } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { useAction } from "@/components/page/useAction";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { useMay, useProject } from "@/session/session";
import type { Insight } from "./draft";

/** What an insight was before; any of it can come back. */
export function Versions({ insight, open, close }: { insight: Insight; open: boolean; close: () => void }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const mayEdit = useMay("edit_insights");
  const queries = useQueryClient();
  const path = { project_id, insight_id: insight.id };
  const versions = useQuery({
    queryKey: ["versions", project_id, insight.id, insight.version],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/insights/{insight_id}/versions", { params: { path, query: { limit: 100 } } })),
    enabled: open,
  });
  const restore = useAction((version: number) => taken(api.POST("/api/projects/{project_id}/insights/{insight_id}/versions/{version}/restore", { params: { path: { ...path, version } } })), {
    done: (_, version) => t("insights.restored", { version }),
    onDone: (changed) => {
      queries.setQueryData(["insight", project_id, insight.id], changed);
      close();
    },
  });
  return (
    <Drawer open={open} onClose={close} title={t("insights.versions")}>
      {versions.isPending && <Waiting />}
      {versions.error && <Failure small error={versions.error} />}
      <List
        dataSource={versions.data?.items ?? []}
        renderItem={(each) => (
          <List.Item
            actions={
              mayEdit && each.version !== insight.version
                ? [
                    <Button key="restore" size="small" loading={restore.isPending && restore.variables === each.version} onClick={() => restore.mutate(each.version)}>
                      {t("insights.restore")}
                    </Button>,
                  ]
                : []
            }
          >
            <List.Item.Meta title={`${t("insights.version", { version: each.version })} · ${each.name}`} description={<Typography.Text type="secondary">{`${each.created_by.name} · ${dayjs(each.created_at).format("YYYY-MM-DD HH:mm")}`}</Typography.Text>} />
          </List.Item>
        )}
      />
    </Drawer>
  );
}
