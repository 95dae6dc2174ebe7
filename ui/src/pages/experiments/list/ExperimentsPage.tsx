import { Card, Input, Segmented, Table, Tabs } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { PlusOutlined } from "@/components/icons";
import { LinkButton } from "@/components/LinkButton";
import { LoadMore, Moment, PageFrame, usePages, useUrlState } from "@/components/page";
import { useFigures } from "@/results/figures";
import { useMay, useProject } from "@/session/session";
import { SmallInterval } from "../common/Intervals";
import { OutcomeMark, SharesBar, StatusMark } from "../common/Marks";
import type { Experiment, LastLook, Outcome, Status } from "../common/types";
import { useMetricFigures } from "../common/useMetricFigures";
import { LayersCard } from "./LayersCard";
import "../experiments.css";

const STATUSES: readonly Status[] = ["draft", "running", "stopped", "decided"];

/** All experiments with what each shows, and the layers. */
export function ExperimentsPage() {
  const { t } = useTranslation();
  const { id } = useProject();
  const url = useUrlState();
  const may = useMay("edit_insights");
  const create = may && (
    <LinkButton type="primary" icon={<PlusOutlined />} to={`/p/${id}/experiments/new`}>
      {t("experiments.create")}
    </LinkButton>
  );
  return (
    <PageFrame title={t("experiments.title")} hint={t("experiments.hint")} extra={create}>
      <Tabs
        destroyOnHidden
        activeKey={url.get("tab") || "list"}
        onChange={(tab) => url.change({ tab: tab === "list" ? null : tab })}
        items={[
          { key: "list", label: t("experiments.tabs.list"), children: <List create={create} /> },
          { key: "layers", label: t("experiments.tabs.layers"), children: <LayersCard /> },
        ]}
      />
    </PageFrame>
  );
}

function List({ create }: { create: ReactNode }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const url = useUrlState();
  const search = url.get("search");
  const status = STATUSES.find((each) => each === url.get("status"));
  const experiments = usePages(["experiments", project_id, "list", search, status], (cursor) =>
    taken(api.GET("/api/projects/{project_id}/experiments", { params: { path: { project_id }, query: { search: search || undefined, status, cursor } } })),
  );
  const none = !experiments.isPending && experiments.items.length === 0;
  const narrowed = Boolean(search || status);
  return (
    <div className="stack">
      {(!none || narrowed) && (
        <div className="row">
          <Input.Search key={search} allowClear style={{ width: 240 }} defaultValue={search} placeholder={t("experiments.search")} aria-label={t("experiments.search")} onSearch={(text) => url.change({ search: text.trim() })} />
          <Segmented
            aria-label={t("experiments.allStatuses")}
            value={status ?? "all"}
            options={[{ value: "all", label: t("experiments.allStatuses") }, ...STATUSES.map((value) => ({ value, label: t(`experiments.statuses.${value}`) }))]}
            onChange={(value) => url.change({ status: value === "all" ? null : value })}
          />
        </div>
      )}
      {experiments.error && <Failure error={experiments.error} retry={() => void experiments.refetch()} />}
      {!experiments.error && none && <Empty title={t(narrowed ? "experiments.noMatch" : "experiments.empty")} hint={narrowed ? undefined : t("experiments.emptyHint")} action={narrowed ? undefined : create} />}
      {!experiments.error && !none && (
        <Card styles={{ body: { padding: 0 } }}>
          <ExperimentTable experiments={experiments.items as unknown as Experiment[]} loading={experiments.isPending} />
          <LoadMore list={experiments} />
        </Card>
      )}
    </div>
  );
}

function ExperimentTable({ experiments, loading }: { experiments: Experiment[]; loading: boolean }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { id } = useProject();
  return (
    <Table<Experiment>
      size="small"
      rowKey="id"
      loading={loading}
      dataSource={experiments}
      pagination={false}
      scroll={{ x: 980 }}
      columns={[
        {
          title: t("experiments.title"),
          key: "name",
          render: (_, each) => (
            <div style={{ minWidth: 160 }}>
              <Link to={`/p/${id}/experiments/${each.id}`}>{each.name}</Link>
              {each.hypothesis && (
                <div className="two-lines" style={{ fontSize: 13, opacity: 0.85 }} title={each.hypothesis}>
                  {each.hypothesis}
                </div>
              )}
            </div>
          ),
        },
        { title: t("experiments.status"), key: "status", width: 100, render: (_, each) => <StatusMark status={each.status} /> },
        { title: t("experiments.variants"), key: "variants", width: 130, render: (_, each) => <Variants experiment={each} /> },
        { title: t("experiments.people"), key: "people", width: 100, align: "right", render: (_, each) => <span className="figure">{each.last ? figures.number(each.last.people) : "–"}</span> },
        { title: t("experiments.lift"), key: "lift", width: 300, render: (_, each) => (each.last ? <Lift last={each.last} /> : <span style={{ opacity: 0.85 }}>{t("experiments.notRead")}</span>) },
        { title: t("experiments.verdict"), key: "verdict", width: 150, render: (_, each) => each.last && <Verdict last={each.last} /> },
        { title: t("experiments.started"), key: "started", width: 150, render: (_, each) => <Moment at={each.started_at} /> },
      ]}
    />
  );
}

function Variants({ experiment }: { experiment: Experiment }) {
  return (
    <div className="stack" style={{ gap: 4 }}>
      <SharesBar shares={experiment.shares} />
      <span style={{ fontSize: 12.5 }} className="two-lines">
        {experiment.plan.variants.map((each) => each.key).join(" · ")}
      </span>
    </div>
  );
}

function Lift({ last }: { last: LastLook }) {
  const { t } = useTranslation();
  const show = useMetricFigures(last.kind);
  const better = last.better === "lower" ? "lower" : "higher";
  if (last.outcome === "stopped") return <span style={{ opacity: 0.85 }}>{t("experiments.reading.stoppedTitle")}</span>;
  return (
    <div className="stack" style={{ gap: 4 }}>
      {last.effects.slice(0, 3).map(({ variant, difference }) =>
        difference ? (
          <div key={variant} className="row" style={{ flexWrap: "nowrap" }}>
            <SmallInterval range={difference} better={better} label={t("experiments.liftLabel", { variant, metric: last.metric, value: show.difference(difference.value), low: show.difference(difference.low, -1), high: show.difference(difference.high, 1) })} />
            <span className="figure" style={{ whiteSpace: "nowrap" }}>
              {show.difference(difference.value)} <small style={{ opacity: 0.85 }}>{variant}</small>
            </span>
          </div>
        ) : null,
      )}
      <small style={{ opacity: 0.85 }}>{last.metric}</small>
    </div>
  );
}

function Verdict({ last }: { last: LastLook }) {
  return (
    <div>
      <OutcomeMark outcome={last.outcome as Outcome} />
      {last.variant && <span style={{ fontSize: 13 }}>{last.variant}</span>}
    </div>
  );
}
