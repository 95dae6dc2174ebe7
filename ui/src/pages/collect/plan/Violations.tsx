import { Card, Table, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { LoadMore, Moment, usePages, useUrlState, useWording } from "@/components/page";
import { useReason } from "../reasons";
import { useProject } from "@/session/session";
import { usePlanSettings } from "./PlanSettings";

type Violation = Schemas["ViolationOutput"];

/** How traffic broke the plan. */
export function Violations() {
  const { t } = useTranslation();
  const project = useProject();
  const url = useUrlState();
  const words = useWording();
  const reason = useReason();
  const observes = usePlanSettings().data?.mode === "observe";
  const list = usePages(["violations", project.id], (cursor) =>
    taken(api.GET("/api/projects/{project_id}/catalog/violations", { params: { path: { project_id: project.id }, query: { cursor, limit: 200 } } })),
  );
  if (list.error) return <Failure error={list.error} retry={() => void list.refetch()} />;
  if (!list.isPending && list.items.length === 0) {
    return <Empty title={t("collect.plan.noViolations")} hint={t(observes ? "collect.plan.noViolationsObserve" : "collect.plan.noViolationsHint")} />;
  }
  return (
    <Card styles={{ body: { padding: 0 } }}>
      <Table<Violation>
        size="small"
        rowKey={(row) => `${row.event} ${row.path} ${row.reason}`}
        loading={list.isPending}
        dataSource={list.items}
        pagination={false}
        scroll={{ x: 900 }}
        columns={[
          {
            title: t("collect.event"),
            dataIndex: "event",
            width: 170,
            render: (name: string) => <Typography.Link onClick={() => url.change({ event: name })}>{name}</Typography.Link>,
          },
          { title: t("collect.plan.reason"), dataIndex: "reason", width: 190, render: (code: string) => reason(code) },
          { title: t("collect.plan.path"), dataIndex: "path", render: (path: string) => <code>{path}</code> },
          { title: t("collect.plan.example"), dataIndex: "example", ellipsis: true },
          {
            title: t("collect.plan.count"),
            dataIndex: "count",
            width: 100,
            align: "right",
            sorter: (one, other) => one.count - other.count,
            render: (count: number) => <span className="figure">{words.number(count)}</span>,
          },
          { title: t("collect.plan.firstSeen"), dataIndex: "first_seen_ms", width: 150, render: (at: number) => <Moment at={at} /> },
          { title: t("collect.plan.lastSeen"), dataIndex: "last_seen_ms", width: 150, render: (at: number) => <Moment at={at} /> },
        ]}
      />
      <LoadMore list={list} />
    </Card>
  );
}
