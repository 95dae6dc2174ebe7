import { PlusOutlined } from "@/components/icons";
import { useQuery } from "@tanstack/react-query";
import { App, Button, Form, Input, Modal, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { PageFrame } from "@/components/page/PageFrame";
import { useAction } from "@/components/page/useAction";
import { Waiting } from "@/components/Waiting";
import { toAddress } from "@/query/address";
import { useEvents } from "@/query/catalog";
import { sendable, useAnswer } from "@/query/run";
import { startingQuery } from "@/query/starting";
import type { TrendQuery } from "@/query/types";
import { useFigures } from "@/results/figures";
import { Table } from "@/results/Table";
import type { TrendResult } from "@/results/types";
import { useMay, useProject } from "@/session/session";
import { TrendForm } from "./forms/TrendForm";

type Metric = Schemas["MetricOutput"];

/** The numbers that a project has agreed on. */
export function MetricsPage() {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const mayEdit = useMay("edit_insights");
  const [search] = useSearchParams();
  const [editing, setEditing] = useState<Metric | "new" | null>(null);
  const found = useQuery({
    queryKey: ["metrics", project_id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/metrics", { params: { path: { project_id }, query: { limit: 200 } } })),
  });
  const items = found.data?.items ?? [];
  const chosen = search.get("metric");
  const create = mayEdit && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setEditing("new")}>
      {t("insights.metrics.newMetric")}
    </Button>
  );
  return (
    <PageFrame title={t("insights.metrics.title")} hint={t("insights.metrics.intro")} extra={create}>
      {found.isPending && <Waiting />}
      {found.error && <Failure error={found.error} retry={() => void found.refetch()} />}
      {found.isSuccess && !items.length && <Empty title={t("insights.metrics.none")} hint={t("insights.metrics.noneHint")} action={create} />}
      {items.length > 0 && (
        <Table<Metric>
          rows={chosen ? [...items].sort((one) => (one.id === chosen ? -1 : 1)) : items}
          keyOf={(metric) => metric.id}
          columns={[
            { title: t("common.name"), key: "name", by: (metric) => metric.name, show: (metric) => <Named metric={metric} /> },
            { title: t("insights.metrics.last30"), key: "value", numeric: true, show: (metric) => <LastThirty metric={metric} /> },
            { title: t("insights.metrics.direction"), key: "direction", show: (metric) => t(`insights.metrics.directions.${metric.direction}`) },
            { title: t("insights.metrics.owner"), key: "owner", show: (metric) => metric.owner },
            { title: t("insights.metrics.uses"), key: "uses", show: (metric) => <Uses metric={metric} /> },
            {
              title: t("common.actions"),
              key: "more",
              show: (metric) => (
                <div className="row">
                  <Link to={`/p/${project_id}/insights/new?q=${toAddress(metric.query as unknown as TrendQuery)}`}>{t("insights.metrics.editDefinition")}</Link>
                  {mayEdit && (
                    <Button size="small" type="text" onClick={() => setEditing(metric)}>
                      {t("common.edit")}
                    </Button>
                  )}
                  {mayEdit && <Remove metric={metric} />}
                </div>
              ),
            },
          ]}
        />
      )}
      {editing && <MetricForm metric={editing === "new" ? null : editing} close={() => setEditing(null)} />}
    </PageFrame>
  );
}

function Named({ metric }: { metric: Metric }) {
  return (
    <div>
      <strong>{metric.name}</strong>
      {metric.description && <div style={{ opacity: 0.78, fontSize: 12 }}>{metric.description}</div>}
    </div>
  );
}

function LastThirty({ metric }: { metric: Metric }) {
  const figures = useFigures();
  const answer = useAnswer({ ...(metric.query as unknown as TrendQuery), period: { kind: "last", count: 30, unit: "day", include_current: true } });
  const lines = (answer.data?.result as TrendResult | undefined)?.lines;
  return <span className="figure">{lines ? `${figures.compact(lines[lines.length - 1]?.total)} ${metric.unit}` : "…"}</span>;
}

function Uses({ metric }: { metric: Metric }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const uses = useQuery({
    queryKey: ["metric-uses", project_id, metric.id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/metrics/{metric_id}/uses", { params: { path: { project_id, metric_id: metric.id } } })),
  });
  if (!uses.data) return null;
  const names = [...uses.data.insights, ...uses.data.dashboards].map((each) => each.name).join(", ");
  return <span title={names}>{t("insights.metrics.usedBy", { insights: uses.data.insights.length, dashboards: uses.data.dashboards.length })}</span>;
}

function Remove({ metric }: { metric: Metric }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const { id: project_id } = useProject();
  const remove = useAction(() => api.DELETE("/api/projects/{project_id}/metrics/{metric_id}", { params: { path: { project_id, metric_id: metric.id } } }), { refresh: [["metrics", project_id]] });
  return (
    <Button size="small" type="text" danger onClick={() => void modal.confirm({ title: t("common.confirmRemove", { name: metric.name }), okButtonProps: { danger: true }, okText: t("common.remove"), onOk: () => remove.mutate() })}>
      {t("common.remove")}
    </Button>
  );
}

interface Entered {
  name: string;
  unit?: string;
  description?: string;
  direction: "up" | "down";
  owner?: string;
}

function MetricForm({ metric, close }: { metric: Metric | null; close: () => void }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const events = useEvents();
  const [query, setQuery] = useState<TrendQuery>(() => (metric ? (metric.query as unknown as TrendQuery) : (startingQuery("trend", events.map((event) => event.name)) as TrendQuery)));
  const keep = async (entered: Entered) => {
    const body = { unit: "", description: "", owner: "", ...entered, query: sendable({ ...query, breakdowns: [] }) as never };
    if (metric) return taken(api.PATCH("/api/projects/{project_id}/metrics/{metric_id}", { params: { path: { project_id, metric_id: metric.id } }, body }));
    return taken(api.POST("/api/projects/{project_id}/metrics", { params: { path: { project_id } }, body }));
  };
  const save = useAction(keep, { done: t("common.saved"), refresh: [["metrics", project_id]], onDone: close });
  return (
    <Modal open onCancel={close} footer={null} width={560} title={metric?.name ?? t("insights.metrics.newMetric")}>
      <Form<Entered> layout="vertical" onFinish={(entered) => save.mutate(entered)} initialValues={metric ?? { direction: "up" }}>
        <Form.Item name="name" label={t("common.name")} rules={[{ required: true, whitespace: true, message: t("access.required") }]}>
          <Input maxLength={200} />
        </Form.Item>
        <div className="row">
          <Form.Item name="unit" label={t("insights.metrics.unit")} className="grow">
            <Input maxLength={40} />
          </Form.Item>
          <Form.Item name="owner" label={t("insights.metrics.owner")} className="grow">
            <Input maxLength={200} />
          </Form.Item>
          <Form.Item name="direction" label={t("insights.metrics.direction")}>
            <Segmented<string> options={(["up", "down"] as const).map((value) => ({ value, label: t(`insights.metrics.directions.${value}`) }))} />
          </Form.Item>
        </div>
        <Form.Item name="description" label={t("common.description")}>
          <Input.TextArea rows={2} maxLength={2000} />
        </Form.Item>
        <div className="stack" style={{ marginBottom: 16 }}>
          <strong>{t("insights.metrics.definition")}</strong>
          <TrendForm metrics={false} query={query} onChange={setQuery} />
        </div>
        <Button type="primary" htmlType="submit" block loading={save.isPending}>
          {t("common.save")}
        </Button>
      </Form>
    </Modal>
  );
}
