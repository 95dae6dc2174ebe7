import { Button, Card, Dropdown, Input, Select, Table } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { DownOutlined } from "@/components/icons";
import { LoadMore, Mark, Moment, useAction, usePages, useUrlState } from "@/components/page";
import { useConfirm } from "@/pages/audiences/common/useConfirm";
import { useMay, useProject } from "@/session/session";
import { MediumMark } from "../common/MediumMark";
import { usePurposes } from "../common/queries";
import { MEDIA, type Medium, type TemplateRow } from "../common/types";

const STATES = ["active", "unsent", "sent", "archived"] as const;

/** The templates of the project, found by name, kind and state. */
export function TemplateList({ create }: { create: ReactNode }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const url = useUrlState();
  const search = url.get("search");
  const medium = (MEDIA.find((each) => each === url.get("medium")) ?? "") as Medium | "";
  const state = STATES.find((each) => each === url.get("state")) ?? "active";
  const query = { search: search || undefined, medium: medium || undefined, archived: state === "archived", sent: state === "sent" ? true : state === "unsent" ? false : undefined };
  const templates = usePages(["templates", project_id, "list", query], (cursor) => taken(api.GET("/api/projects/{project_id}/message-templates", { params: { path: { project_id }, query: { ...query, cursor } } })));
  const none = !templates.isPending && templates.items.length === 0;
  const filtered = Boolean(search || medium || state !== "active");
  return (
    <div className="stack">
      <div className="row">
        <Input.Search key={search} allowClear style={{ width: 240 }} defaultValue={search} placeholder={t("templates.search")} aria-label={t("templates.search")} onSearch={(text) => url.change({ search: text.trim() })} />
        <Select aria-label={t("templates.medium")} style={{ width: 150 }} value={medium} options={[{ value: "", label: t("templates.anyMedium") }, ...MEDIA.map((value) => ({ value, label: t(`templates.media.${value}`) }))]} onChange={(value: string) => url.change({ medium: value })} />
        <Select aria-label={t("templates.stateFilter")} style={{ width: 170 }} value={state} options={STATES.map((value) => ({ value, label: t(`templates.states.${value}`) }))} onChange={(value: string) => url.change({ state: value === "active" ? null : value })} />
      </div>
      {templates.error && <Failure error={templates.error} retry={() => void templates.refetch()} />}
      {!templates.error && none && <Empty title={t(filtered ? "templates.noMatch" : "templates.empty")} hint={filtered ? undefined : t("templates.emptyHint")} action={filtered ? undefined : create} />}
      {!templates.error && !none && (
        <Card styles={{ body: { padding: 0 } }}>
          <Rows rows={templates.items} loading={templates.isPending} />
          <LoadMore list={templates} />
        </Card>
      )}
    </div>
  );
}

function Rows({ rows, loading }: { rows: TemplateRow[]; loading: boolean }) {
  const { t, i18n } = useTranslation();
  const { id } = useProject();
  const may = useMay("edit_insights");
  const purposes = new Map((usePurposes().data ?? []).map((each) => [each.key, i18n.language === "en" ? each.name_en : each.name_zh]));
  return (
    <Table<TemplateRow>
      size="small"
      rowKey="id"
      loading={loading}
      dataSource={rows}
      pagination={false}
      scroll={{ x: 860 }}
      columns={[
        {
          title: t("templates.name"),
          key: "name",
          render: (_, row) => (
            <div>
              <Link to={`/p/${id}/templates/${row.id}`}>{row.name}</Link>
              {row.description && <div style={{ fontSize: 13, opacity: 0.85 }}>{row.description}</div>}
            </div>
          ),
        },
        { title: t("templates.medium"), key: "medium", width: 120, render: (_, row) => <MediumMark medium={row.medium as Medium} /> },
        { title: t("templates.purpose"), key: "purpose", width: 130, render: (_, row) => purposes.get(row.purpose) ?? row.purpose },
        { title: t("templates.languages"), key: "languages", width: 140, render: (_, row) => row.languages.map((each) => <Mark key={each} tone="quiet">{each}</Mark>) },
        { title: t("templates.stateFilter"), key: "state", width: 110, render: (_, row) => <State row={row} /> },
        { title: t("templates.version"), key: "version", width: 80, align: "right", render: (_, row) => <span className="figure">{row.version}</span> },
        {
          title: t("templates.changed"),
          key: "changed",
          width: 180,
          render: (_, row) => (
            <div>
              <Moment at={row.updated_at} />
              <div style={{ fontSize: 13, opacity: 0.85 }}>{t("templates.changedBy", { name: (row.changed_by ?? row.created_by).name })}</div>
            </div>
          ),
        },
        ...(may ? [{ title: <span className="sr-only">{t("common.actions")}</span>, key: "verbs", width: 60, render: (_: unknown, row: TemplateRow) => <Verbs row={row} /> }] : []),
      ]}
    />
  );
}

function State({ row }: { row: TemplateRow }) {
  const { t } = useTranslation();
  if (row.archived) return <Mark tone="quiet">{t("templates.archived")}</Mark>;
  return <Mark tone={row.sent ? "good" : "busy"}>{t(row.sent ? "templates.sent" : "templates.draft")}</Mark>;
}

function Verbs({ row }: { row: TemplateRow }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const navigate = useNavigate();
  const confirm = useConfirm();
  const path = { project_id, template_id: row.id };
  const refresh = [["templates", project_id]];
  const archive = useAction(() => api.PATCH("/api/projects/{project_id}/message-templates/{template_id}", { params: { path }, body: { archived: !row.archived } as never }), { done: t("common.saved"), refresh });
  const remove = useAction(() => api.DELETE("/api/projects/{project_id}/message-templates/{template_id}", { params: { path } }), { done: t("common.removed"), refresh });
  const duplicate = useAction(
    async () => {
      const { purpose, description, body } = await taken(api.GET("/api/projects/{project_id}/message-templates/{template_id}", { params: { path } }));
      const name = t("templates.duplicateOf", { name: row.name }).slice(0, 200);
      return taken(api.POST("/api/projects/{project_id}/message-templates", { params: { path: { project_id } }, body: { name, purpose, description, body } as never }));
    },
    { refresh, onDone: (made) => void navigate(`/p/${project_id}/templates/${made.id}`) },
  );
  const items = [
    { key: "duplicate", label: t("common.duplicate") },
    { key: "archive", label: <span title={t("templates.archiveHint")}>{t(row.archived ? "templates.unarchive" : "templates.archive")}</span> },
    ...(row.sent ? [] : [{ key: "remove", danger: true, label: t("common.remove") }]),
  ];
  const act = (key: string) => {
    if (key === "duplicate") return duplicate.mutate();
    if (key === "archive") return archive.mutate();
    void confirm(t("templates.remove", { name: row.name }), () => remove.mutate());
  };
  return (
    <Dropdown trigger={["click"]} menu={{ items, onClick: ({ key }) => act(key) }}>
      <Button size="small" type="text" loading={duplicate.isPending} icon={<DownOutlined />} aria-label={t("templates.moreOf", { name: row.name })} />
    </Dropdown>
  );
}
