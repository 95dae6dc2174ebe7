import { AppstoreAddOutlined, EditOutlined, HistoryOutlined, LinkOutlined, SaveOutlined } from "@/components/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Space, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { useAction } from "@/components/page/useAction";
import { ShareLinks } from "@/components/ShareLinks";
import { sendable } from "@/query/run";
import type { Query } from "@/query/types";
import { useMay, useProject } from "@/session/session";
import { AddToDashboard } from "./AddToDashboard";
import type { Draft, Insight } from "./draft";
import { InsightStar } from "./InsightStar";
import { type Named, Naming } from "./Naming";
import { Versions } from "./Versions";

/** The head of the explorer: what the insight is called, and keeping it. */
export function InsightBar({ draft }: { draft: Draft & { query: Query } }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const mayEdit = useMay("edit_insights");
  const [shown, setShown] = useState<"naming" | "renaming" | "versions" | "dashboard" | "links" | null>(null);
  const close = () => setShown(null);
  const { insight, query } = draft;
  const { create, update, rename } = useKeeping(draft, close);
  return (
    <div className="row between" style={{ padding: "10px 16px", borderBottom: "1px solid rgb(125 135 155 / 22%)" }}>
      <div className="row">
        <Link to={`/p/${project_id}/insights`}>{t("insights.title")}</Link> /
        <h1 style={{ fontSize: 16, margin: 0 }}>{insight?.name ?? t("insights.untitled")}</h1>
        {insight && <InsightStar insight={insight} />}
        {insight && mayEdit && <Button type="text" size="small" icon={<EditOutlined />} aria-label={t("insights.rename")} title={t("insights.rename")} onClick={() => setShown("renaming")} />}
        {insight?.tags.map((tag) => <Tag key={tag}>{tag}</Tag>)}
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
          <Button type={insight ? "default" : "primary"} icon={insight ? undefined : <SaveOutlined />} onClick={() => setShown("naming")}>
            {t(insight ? "insights.saveNew" : "common.save")}
          </Button>
        )}
      </Space>
      {shown === "naming" && (
        <Naming
          title={t("insights.saveTitle")}
          initial={{ name: insight ? `${insight.name} 2` : t(`insights.kinds.${query.kind}`), tags: insight?.tags ?? [] }}
          saving={create.isPending}
          save={create.mutate}
          close={close}
        />
      )}
      {insight && shown === "renaming" && <Naming title={t("insights.rename")} initial={insight} saving={rename.isPending} save={rename.mutate} close={close} />}
      {insight && <Versions insight={insight} open={shown === "versions"} close={close} />}
      {insight && shown === "links" && <ShareLinks shared={{ kind: "insight", id: insight.id, period: query.period ?? null }} close={close} />}
      {insight && <AddToDashboard insight={insight} open={shown === "dashboard"} close={close} />}
    </div>
  );
}

/** The ways to keep an insight: as a new one, as it is now, and under another name. */
function useKeeping({ insight, query, chart, targets, discard }: Draft & { query: Query }, close: () => void) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const content = { query: sendable(query) as never, chart, options: { targets } as never };
  const refresh = [["insights", project_id]];
  const queryKey = ["insight", project_id, insight?.id];
  const change = (body: Schemas["InsightChange"]) => taken(api.PATCH("/api/projects/{project_id}/insights/{insight_id}", { params: { path: { project_id, insight_id: insight?.id ?? "" } }, body }));
  const hold = (changed: Insight) => void queries.setQueryData(queryKey, changed);
  const create = useAction((named: Named) => taken(api.POST("/api/projects/{project_id}/insights", { params: { path: { project_id } }, body: { description: "", tags: [], ...named, ...content } })), {
    done: t("common.saved"),
    refresh,
    onDone: (made) => {
      close();
      void navigate(`/p/${project_id}/insights/${made.id}`, { replace: true });
    },
  });
  const update = useAction(() => change({ ...content, version: insight?.version ?? 1 }), {
    done: t("common.saved"),
    refresh,
    onDone: (changed) => {
      hold(changed);
      discard();
    },
  });
  const rename = useAction(
    (named: Named) => {
      close();
      return change({ ...named, version: insight?.version ?? 1 });
    },
    { refresh, onDone: hold, guess: (named) => ({ queryKey, change: (held: Insight) => ({ ...held, ...named }) }) },
  );
  return { create, update, rename };
}
