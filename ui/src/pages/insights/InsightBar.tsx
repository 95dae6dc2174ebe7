import { AppstoreAddOutlined, HistoryOutlined, LinkOutlined, SaveOutlined, StarFilled, StarOutlined } from "@/components/icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input, Modal, Select, Space, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { api, ApiError, taken } from "@/api/client";
import { ShareLinks } from "@/components/ShareLinks";
import { sendable } from "@/query/run";
import type { Query } from "@/query/types";
import { useMay, useProject } from "@/session/session";
import { AddToDashboard } from "./AddToDashboard";
import type { Draft } from "./draft";
import { Versions } from "./Versions";

interface Entered {
  name: string;
  description?: string;
  tags?: string[];
}

/** The head of the explorer: what the insight is called, and keeping it. */
export function InsightBar({ draft }: { draft: Draft & { query: Query } }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { id: project_id } = useProject();
  const mayEdit = useMay("edit_insights");
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [naming, setNaming] = useState(false);
  const [shown, setShown] = useState<"versions" | "dashboard" | "links" | null>(null);
  const { insight, query, chart, targets } = draft;
  const failed = (error: unknown) => void message.error(error instanceof ApiError ? error.message : t("errors.unreachable"));
  const content = { query: sendable(query) as never, chart, options: { targets } as never };
  const create = useMutation({
    mutationFn: (entered: Entered) =>
      taken(api.POST("/api/projects/{project_id}/insights", { params: { path: { project_id } }, body: { description: "", tags: [], ...entered, ...content } })),
    onError: failed,
    onSuccess: async (made) => {
      setNaming(false);
      await queries.invalidateQueries({ queryKey: ["insights", project_id] });
      void message.success(t("common.saved"));
      await navigate(`/p/${project_id}/insights/${made.id}`, { replace: true });
    },
  });
  const update = useMutation({
    mutationFn: () =>
      taken(api.PATCH("/api/projects/{project_id}/insights/{insight_id}", { params: { path: { project_id, insight_id: insight?.id ?? "" } }, body: { ...content, version: insight?.version ?? 1 } })),
    onError: failed,
    onSuccess: async (changed) => {
      queries.setQueryData(["insight", project_id, changed.id], changed);
      await queries.invalidateQueries({ queryKey: ["insights", project_id] });
      draft.discard();
      void message.success(t("common.saved"));
    },
  });
  const star = useMutation({
    mutationFn: async () => {
      const params = { path: { project_id, insight_id: insight?.id ?? "" } };
      if (insight?.starred) await api.DELETE("/api/projects/{project_id}/insights/{insight_id}/star", { params });
      else await api.PUT("/api/projects/{project_id}/insights/{insight_id}/star", { params });
    },
    onError: failed,
    onSettled: () => queries.invalidateQueries({ queryKey: ["insight", project_id, insight?.id] }),
  });
  return (
    <div className="row between" style={{ padding: "10px 16px", borderBottom: "1px solid rgb(125 135 155 / 22%)" }}>
      <div className="row">
        <Link to={`/p/${project_id}/insights`}>{t("insights.title")}</Link> /
        <h1 style={{ fontSize: 16, margin: 0 }}>{insight?.name ?? t("insights.untitled")}</h1>
        {insight && (
          <Button type="text" size="small" icon={insight.starred ? <StarFilled style={{ color: "#f2b01e" }} /> : <StarOutlined />} aria-label={t(insight.starred ? "insights.unstar" : "insights.star")} onClick={() => star.mutate()} />
        )}
        {insight && draft.changed && <Tag color="orange">{t("insights.unsaved")}</Tag>}
      </div>
      <Space wrap>
        {insight && (
          <Button icon={<HistoryOutlined />} onClick={() => setShown("versions")}>
            {t("insights.versions")}
          </Button>
        )}
        {insight && mayEdit && (
          <Button icon={<LinkOutlined />} onClick={() => setShown("links")}>
            {t("dashboards.share")}
          </Button>
        )}
        {insight && mayEdit && (
          <Button icon={<AppstoreAddOutlined />} onClick={() => setShown("dashboard")}>
            {t("insights.addToDashboard")}
          </Button>
        )}
        {insight && mayEdit && (
          <Button type="primary" icon={<SaveOutlined />} disabled={!draft.changed} loading={update.isPending} onClick={() => update.mutate()}>
            {t("insights.saveChanges")}
          </Button>
        )}
        {mayEdit && (
          <Button type={insight ? "default" : "primary"} icon={insight ? undefined : <SaveOutlined />} onClick={() => setNaming(true)}>
            {t(insight ? "insights.saveNew" : "common.save")}
          </Button>
        )}
      </Space>
      <Modal open={naming} title={t("insights.saveTitle")} onCancel={() => setNaming(false)} footer={null} destroyOnHidden>
        <Form<Entered> layout="vertical" onFinish={(entered) => create.mutate(entered)} initialValues={{ name: insight ? `${insight.name} 2` : t(`insights.kinds.${query.kind}`), tags: insight?.tags ?? [] }}>
          <Form.Item name="name" label={t("common.name")} rules={[{ required: true, whitespace: true, message: t("access.required") }]}>
            <Input maxLength={200} autoFocus />
          </Form.Item>
          <Form.Item name="description" label={t("common.description")}>
            <Input.TextArea rows={2} maxLength={2000} />
          </Form.Item>
          <Form.Item name="tags" label={t("common.tags")}>
            <Select mode="tags" open={false} suffixIcon={null} />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={create.isPending} block>
            {t("common.save")}
          </Button>
        </Form>
      </Modal>
      {insight && <Versions insight={insight} open={shown === "versions"} close={() => setShown(null)} />}
      {insight && shown === "links" && <ShareLinks shared={{ kind: "insight", id: insight.id, period: query.period ?? null }} close={() => setShown(null)} />}
      {insight && <AddToDashboard insight={insight} open={shown === "dashboard"} close={() => setShown(null)} />}
    </div>
  );
}
