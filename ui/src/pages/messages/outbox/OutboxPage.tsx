import { useQuery } from "@tanstack/react-query";
import { Badge, Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { PageFrame, useUrlState } from "@/components/page";
import { useProject } from "@/session/session";
import { MessageList } from "./MessageList";
import { Overview } from "./Overview";
import { PolicyForm } from "./PolicyForm";
import { Uncertain } from "./Uncertain";
import "../messages.css";

/** What was sent, what waits, what is uncertain, and the rules of sending. */
export function OutboxPage() {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const url = useUrlState();
  const counts = useQuery({
    queryKey: ["messages", project_id, "statistics"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/messages/statistics", { params: { path: { project_id } } })),
    refetchInterval: 15_000,
  });
  const uncertain = (counts.data?.counts ?? []).filter((each) => each.state === "uncertain").reduce((sum, each) => sum + each.count, 0);
  return (
    <PageFrame title={t("outbox.title")} hint={t("outbox.hint")}>
      <Tabs
        destroyOnHidden
        activeKey={url.get("tab") || "overview"}
        onChange={(tab) => url.change({ tab: tab === "overview" ? null : tab })}
        items={[
          { key: "overview", label: t("outbox.tabs.overview"), children: <Overview counts={counts.data?.counts} error={counts.error} retry={() => void counts.refetch()} /> },
          { key: "messages", label: t("outbox.tabs.messages"), children: <MessageList /> },
          {
            key: "uncertain",
            label: (
              <Badge count={uncertain} size="small" offset={[8, -2]} overflowCount={999} color="#b54708">
                {t("outbox.tabs.uncertain")}
              </Badge>
            ),
            children: <Uncertain />,
          },
          { key: "policy", label: t("outbox.tabs.policy"), children: <PolicyForm /> },
        ]}
      />
    </PageFrame>
  );
}
