import { Button, Card, Segmented, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { LoadMore, Mark, Moment, useAction, usePages } from "@/components/page";
import { nameOf, personAddress } from "@/pages/people/naming";
import { useMay, useMe, useProject } from "@/session/session";
import type { MemberTask } from "../common/types";

/** What journeys ask members to do: mine, or everybody's. */
export function TaskList() {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const me = useMe();
  const [whose, setWhose] = useState<"mine" | "all">("mine");
  const [state, setState] = useState<"open" | "done">("open");
  const member = whose === "mine" ? me.member.id : null;
  const list = usePages(["journey-tasks", project_id, whose, state], (cursor) => taken(api.GET("/api/projects/{project_id}/journeys/tasks", { params: { path: { project_id }, query: { state, member, cursor, limit: 50 } } })));
  if (list.error) return <Failure error={list.error} retry={() => void list.refetch()} />;
  return (
    <div className="stack">
      <div className="row">
        <Segmented aria-label={t("journeys.tasks.whose")} value={whose} onChange={setWhose} options={(["mine", "all"] as const).map((value) => ({ value, label: t(`journeys.tasks.${value}`) }))} />
        <Segmented aria-label={t("journeys.state")} value={state} onChange={setState} options={(["open", "done"] as const).map((value) => ({ value, label: t(`journeys.tasks.${value}`) }))} />
      </div>
      {!list.isPending && !list.items.length ? (
        <Empty title={t(state === "open" ? "journeys.tasks.empty" : "journeys.tasks.noneDone")} hint={t("journeys.tasks.hint")} />
      ) : (
        <Card styles={{ body: { padding: 0 } }}>
          <TaskTable tasks={list.items} loading={list.isPending} />
        </Card>
      )}
      <LoadMore list={list} />
    </div>
  );
}

function TaskTable({ tasks, loading }: { tasks: MemberTask[]; loading: boolean }) {
  const { t } = useTranslation();
  const { id } = useProject();
  const may = useMay("edit_insights");
  return (
    <Table<MemberTask>
      size="small"
      rowKey="id"
      loading={loading}
      dataSource={tasks}
      pagination={false}
      scroll={{ x: 820 }}
      columns={[
        { title: t("journeys.tasks.task"), dataIndex: "title" },
        { title: t("journeys.tasks.about"), key: "person", width: 180, render: (_, task) => (task.person ? <Link to={personAddress(id, task.person)}>{nameOf(task.person)}</Link> : t("journeys.tasks.gone")) },
        { title: t("journeys.form.member"), dataIndex: "member_name", width: 120 },
        {
          title: t("journeys.form.due"),
          key: "due",
          width: 190,
          render: (_, task) => (
            <span className="row" style={{ gap: 4 }}>
              <Moment at={task.due_at} />
              {task.overdue && <Mark tone="bad">{t("journeys.tasks.overdue")}</Mark>}
            </span>
          ),
        },
        { title: t("journeys.tasks.from"), key: "journey", width: 170, render: (_, task) => (task.journey_name ? <Link to={`/p/${id}/journeys/${task.journey_id}`}>{task.journey_name}</Link> : t("common.none")) },
        ...(may ? [{ title: t("common.actions"), key: "verbs", width: 130, render: (_: unknown, task: MemberTask) => <Tick task={task} /> }] : []),
      ]}
    />
  );
}

function Tick({ task }: { task: MemberTask }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const to = task.state === "open" ? ("done" as const) : ("open" as const);
  const act = useAction(() => taken(api.PATCH("/api/projects/{project_id}/journeys/tasks/{task_id}", { params: { path: { project_id, task_id: task.id } }, body: { state: to } })), { refresh: [["journey-tasks", project_id]] });
  return (
    <Button size="small" loading={act.isPending} aria-label={`${t(`journeys.tasks.to_${to}`)}: ${task.title}`} onClick={() => act.mutate()}>
      {t(`journeys.tasks.to_${to}`)}
    </Button>
  );
}
