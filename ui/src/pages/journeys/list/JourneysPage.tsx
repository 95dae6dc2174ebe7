import { useQuery } from "@tanstack/react-query";
import { Button, Card, Input, Table, Tabs } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { PlusOutlined } from "@/components/icons";
import { LoadMore, Moment, PageFrame, usePages, useUrlState } from "@/components/page";
import { useFigures } from "@/results/figures";
import { useMay, useProject } from "@/session/session";
import { StateMark } from "../common/StateMark";
import type { Journey, Week } from "../common/types";
import { NewJourney } from "./NewJourney";
import { RewardSettings } from "./RewardSettings";
import { TaskList } from "./TaskList";
import { WeekPicture } from "./WeekPicture";
import "../journeys.css";

/** All journeys, and the tasks that they made. */
export function JourneysPage() {
  const { t } = useTranslation();
  const url = useUrlState();
  const mayEdit = useMay("edit_insights");
  const mayManage = useMay("manage_project");
  const [creating, create] = useState(false);
  const fresh = mayEdit && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => create(true)}>
      {t("journeys.create")}
    </Button>
  );
  return (
    <PageFrame
      title={t("journeys.title")}
      hint={t("journeys.hint")}
      extra={
        <>
          {mayManage && <RewardSettings />}
          {fresh}
        </>
      }
    >
      <Tabs
        destroyOnHidden
        activeKey={url.get("tab") || "journeys"}
        onChange={(key) => url.change({ tab: key === "journeys" ? null : key })}
        items={[
          { key: "journeys", label: t("journeys.title"), children: <JourneyList fresh={fresh} /> },
          { key: "tasks", label: t("journeys.tasks.title"), children: <TaskList /> },
        ]}
      />
      {creating && <NewJourney close={() => create(false)} />}
    </PageFrame>
  );
}

function JourneyList({ fresh }: { fresh: React.ReactNode }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const [search, setSearch] = useState("");
  const list = usePages(["journeys", project_id, "list", search], async (cursor) => {
    const page = await taken(api.GET("/api/projects/{project_id}/journeys", { params: { path: { project_id }, query: { search: search || null, cursor, limit: 50 } } }));
    return { ...page, items: page.items as unknown as Journey[] };
  });
  const weeks = useQuery({
    queryKey: ["journeys", project_id, "list", "week"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/journeys/week", { params: { path: { project_id } } })),
    refetchInterval: 15_000,
  });
  if (list.error) return <Failure error={list.error} retry={() => void list.refetch()} />;
  if (!list.isPending && !list.items.length && !search) return <Empty title={t("journeys.empty")} hint={t("journeys.emptyHint")} action={fresh} />;
  const weekOf = new Map((weeks.data ?? []).map((each) => [each.journey_id, each]));
  return (
    <div className="stack">
      <Input.Search allowClear style={{ maxWidth: 320 }} placeholder={t("common.search")} aria-label={t("common.search")} onSearch={setSearch} />
      <Card styles={{ body: { padding: 0 } }}>
        <JourneyTable journeys={list.items} loading={list.isPending} weekOf={weekOf} />
      </Card>
      <LoadMore list={list} />
    </div>
  );
}

function JourneyTable({ journeys, loading, weekOf }: { journeys: Journey[]; loading: boolean; weekOf: ReadonlyMap<string, Week> }) {
  const { t } = useTranslation();
  const { id } = useProject();
  const figures = useFigures();
  const sum = (week: Week | undefined, name: "entered" | "converted") => (week?.days ?? []).reduce((total, day) => total + day[name], 0);
  return (
    <Table<Journey>
      size="small"
      rowKey="id"
      loading={loading}
      dataSource={journeys}
      pagination={false}
      scroll={{ x: 900 }}
      columns={[
        {
          title: t("common.name"),
          key: "name",
          render: (_, journey) => (
            <div>
              <Link to={`/p/${id}/journeys/${journey.id}`}>{journey.name}</Link>
              {journey.description && <div style={{ fontSize: 13, opacity: 0.85 }}>{journey.description}</div>}
            </div>
          ),
        },
        { title: t("journeys.state"), key: "state", width: 110, render: (_, journey) => <StateMark state={journey.state} /> },
        { title: t("journeys.version"), key: "version", width: 80, align: "right", render: (_, journey) => (journey.version ? <span className="figure">{journey.version}</span> : "–") },
        { title: t("journeys.figures.inside"), key: "inside", width: 90, align: "right", render: (_, journey) => <span className="figure">{figures.compact(weekOf.get(journey.id)?.inside ?? 0)}</span> },
        { title: t("journeys.enteredWeek"), key: "entered", width: 100, align: "right", render: (_, journey) => <span className="figure">{figures.compact(sum(weekOf.get(journey.id), "entered"))}</span> },
        { title: t("journeys.convertedWeek"), key: "converted", width: 100, align: "right", render: (_, journey) => <span className="figure">{journey.draft.goal ? figures.compact(sum(weekOf.get(journey.id), "converted")) : "–"}</span> },
        { title: t("journeys.week"), key: "week", width: 150, render: (_, journey) => <WeekPicture week={weekOf.get(journey.id)} name={journey.name} /> },
        { title: t("common.updatedAt"), key: "updated", width: 160, render: (_, journey) => <Moment at={journey.updated_at} /> },
      ]}
    />
  );
}
