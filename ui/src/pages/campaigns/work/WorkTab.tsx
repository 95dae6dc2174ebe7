import { useQuery } from "@tanstack/react-query";
import { Button, Card, Checkbox, Table, Tooltip } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { PlusOutlined } from "@/components/icons";
import { Mark, Moment, useAction, useUrlState } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import type { Campaign, Task } from "../shared/types";
import { FilesCard } from "./FilesCard";
import { TaskDrawer } from "./TaskDrawer";

/** Who does what until when, and the files that belong to it. */
export function WorkTab({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const may = useMay("edit_insights");
  const url = useUrlState();
  const tasks = useQuery({
    queryKey: ["campaign", project_id, campaign.id, "tasks"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/campaigns/{campaign_id}/tasks", { params: { path: { project_id, campaign_id: campaign.id } } })),
  });
  const [made, make] = useState(false);
  if (tasks.error) return <Failure error={tasks.error} retry={() => void tasks.refetch()} />;
  const open = tasks.data?.find((each) => each.id === url.get("task"));
  const create = may && (
    <Button icon={<PlusOutlined />} onClick={() => make(true)}>
      {t("campaigns.tasks.create")}
    </Button>
  );
  return (
    <div className="stack" style={{ gap: 16 }}>
      <Card size="small" title={t("campaigns.tasks.title")} extra={create} styles={{ body: { padding: 0 } }}>
        {tasks.data?.length === 0 ? <Empty title={t("campaigns.tasks.empty")} hint={t("campaigns.tasks.emptyHint")} /> : <Tasks campaign={campaign} tasks={tasks.data ?? []} loading={tasks.isPending} open={(task) => url.change({ task: task.id })} />}
      </Card>
      <FilesCard campaign={campaign} tasks={tasks.data ?? []} />
      {(made || open) && <TaskDrawer key={open?.id ?? "new"} campaign={campaign} task={open} tasks={tasks.data ?? []} close={() => (make(false), url.change({ task: null }))} />}
    </div>
  );
}

interface Props {
  campaign: Campaign;
  tasks: Task[];
  loading: boolean;
  open: (task: Task) => void;
}

function Tasks({ campaign, tasks, loading, open }: Props) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const may = useMay("edit_insights");
  const titles = new Map(tasks.map((each) => [each.id, each.title]));
  const tick = useAction(({ task, done }: { task: Task; done: boolean }) => taken(api.PATCH("/api/projects/{project_id}/campaigns/{campaign_id}/tasks/{task_id}", { params: { path: { project_id, campaign_id: campaign.id, task_id: task.id } }, body: { state: done ? "done" : "open" } })), {
    refresh: [["campaign", project_id, campaign.id]],
    guess: ({ task, done }) => ({ queryKey: ["campaign", project_id, campaign.id, "tasks"], change: (held: Task[]) => held.map((each) => (each.id === task.id ? { ...each, state: done ? "done" : "open" } : each)) }),
  });
  return (
    <Table<Task>
      size="small"
      rowKey="id"
      loading={loading}
      dataSource={tasks}
      pagination={false}
      scroll={{ x: 820 }}
      columns={[
        {
          title: <span className="sr-only">{t("campaigns.tasks.done")}</span>,
          key: "done",
          width: 46,
          render: (_, each) => (
            <Tooltip title={each.waits_for.length && each.state !== "done" ? t("campaigns.tasks.waits", { titles: each.waits_for.map((id) => titles.get(id)).join(", ") }) : undefined}>
              <Checkbox aria-label={t("campaigns.tasks.tick", { title: each.title })} disabled={!may || (each.waits_for.length > 0 && each.state !== "done")} checked={each.state === "done"} onChange={(event) => tick.mutate({ task: each, done: event.target.checked })} />
            </Tooltip>
          ),
        },
        {
          title: t("campaigns.tasks.what"),
          key: "title",
          render: (_, each) => (
            <>
              <button type="button" className="clickable" style={{ textDecoration: each.state === "done" ? "line-through" : undefined }} onClick={() => open(each)}>
                {each.title}
              </button>{" "}
              {each.required && <Mark tone="care">{t("campaigns.tasks.required")}</Mark>}
              {each.checklist.length > 0 && <small className="figure">{t("campaigns.tasks.checked", { done: each.checklist.filter((item) => item.done).length, all: each.checklist.length })}</small>}
            </>
          ),
        },
        { title: t("campaigns.tasks.state"), key: "state", width: 100, render: (_, each) => <Mark tone={each.state === "done" ? "good" : each.state === "doing" ? "busy" : "quiet"}>{t(`campaigns.tasks.states.${each.state}`)}</Mark> },
        { title: t("campaigns.tasks.owner"), key: "owner", width: 130, ellipsis: true, render: (_, each) => each.owner_name || "–" },
        {
          title: t("campaigns.tasks.due"),
          key: "due",
          width: 210,
          render: (_, each) => (
            <>
              {each.due_at ? <Moment at={each.due_at} /> : "–"} {each.overdue && <Mark tone="bad">{t("campaigns.tasks.overdue")}</Mark>}
            </>
          ),
        },
        { title: t("campaigns.tasks.after"), key: "after", width: 180, ellipsis: true, render: (_, each) => each.depends_on.map((id) => titles.get(id)).join(", ") },
      ]}
    />
  );
}
