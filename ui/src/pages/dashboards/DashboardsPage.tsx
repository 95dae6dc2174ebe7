import { PlusOutlined } from "@/components/icons";
import { useQuery } from "@tanstack/react-query";
import { App, Button, Card, Dropdown, Input, Modal, Tag } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { PageFrame } from "@/components/page/PageFrame";
import { useAction } from "@/components/page/useAction";
import { Star } from "@/components/Star";
import { Waiting } from "@/components/Waiting";
import { currentLanguage } from "@/i18n";
import { useMay, useProject } from "@/session/session";
import type { Dashboard } from "./DashboardPage";

const GRID = { display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(270px, 1fr))", gap: 12 };

/** The boards of a project, and the ready ones that can be made in a click. */
export function DashboardsPage() {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const mayEdit = useMay("edit_insights");
  const [naming, setNaming] = useState(false);
  const found = useQuery({
    queryKey: ["dashboards", project_id, ""],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/dashboards", { params: { path: { project_id }, query: { limit: 200 } } })),
  });
  const boards = [...(found.data?.items ?? [])].sort((one, other) => Number(other.starred) - Number(one.starred));
  const create = mayEdit && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setNaming(true)}>
      {t("dashboards.newBoard")}
    </Button>
  );
  return (
    <PageFrame title={t("dashboards.title")} hint={t("dashboards.intro")} extra={create}>
      {found.isPending && <Waiting />}
      {found.error && <Failure error={found.error} retry={() => void found.refetch()} />}
      {found.isSuccess && !boards.length && <Empty title={t("dashboards.none")} hint={t("dashboards.noneHint")} action={create} />}
      <div style={GRID}>
        {boards.map((board) => (
          <BoardCard key={board.id} board={board} />
        ))}
      </div>
      <ReadyBoards />
      {naming && <NewBoard close={() => setNaming(false)} />}
    </PageFrame>
  );
}

function BoardCard({ board }: { board: Dashboard }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const mayEdit = useMay("edit_insights");
  return (
    <Card
      size="small"
      title={<Link to={`/p/${project_id}/dashboards/${board.id}`}>{board.name}</Link>}
      extra={
        <>
          <BoardStar board={board} />
          {mayEdit && <BoardMenu board={board} />}
        </>
      }
    >
      <div style={{ minHeight: 40, opacity: 0.85 }}>{board.description}</div>
      <div className="row between" style={{ opacity: 0.8, fontSize: 12 }}>
        <span>{t("dashboards.tiles", { count: board.tiles.length })}</span>
        <span>
          {board.updated_by.name} · {dayjs(board.updated_at).format("YYYY-MM-DD")}
        </span>
      </div>
      {board.tags.map((tag) => (
        <Tag key={tag}>{tag}</Tag>
      ))}
    </Card>
  );
}

function BoardStar({ board }: { board: Dashboard }) {
  const { id: project_id } = useProject();
  const params = { path: { project_id, dashboard_id: board.id } };
  const address = "/api/projects/{project_id}/dashboards/{dashboard_id}/star" as const;
  return <Star name={board.name} starred={board.starred} set={(starred) => (starred ? api.PUT(address, { params }) : api.DELETE(address, { params }))} refresh={[["dashboards", project_id]]} />;
}

function BoardMenu({ board }: { board: Dashboard }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const { id: project_id } = useProject();
  const params = { path: { project_id, dashboard_id: board.id } };
  const refresh = [["dashboards", project_id]];
  const duplicate = useAction(() => api.POST("/api/projects/{project_id}/dashboards/{dashboard_id}/duplicate", { params }), { refresh });
  const remove = useAction(() => api.DELETE("/api/projects/{project_id}/dashboards/{dashboard_id}", { params }), { refresh });
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [
          { key: "duplicate", label: t("common.duplicate"), onClick: () => duplicate.mutate() },
          { key: "remove", danger: true, label: t("common.remove"), onClick: () => void modal.confirm({ title: t("common.confirmRemove", { name: board.name }), okText: t("common.remove"), okButtonProps: { danger: true }, onOk: () => remove.mutateAsync() }) },
        ],
      }}
    >
      <Button size="small" type="text" aria-label={`${t("common.more")}: ${board.name}`}>
        ⋯
      </Button>
    </Dropdown>
  );
}

function ReadyBoards() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { id: project_id } = useProject();
  const mayEdit = useMay("edit_insights");
  const navigate = useNavigate();
  const language = currentLanguage();
  const templates = useQuery({
    queryKey: ["dashboard-templates", project_id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/dashboard-templates", { params: { path: { project_id } } })),
  });
  const make = useAction(
    (template: "aarrr" | "active_users" | "commerce" | "channels") => taken(api.POST("/api/projects/{project_id}/dashboards/from-template", { params: { path: { project_id } }, body: { template, language } })),
    {
      refresh: [["dashboards", project_id], ["dashboard-templates", project_id]],
      onDone: (made) => {
        if (made.left_out.length) void message.info(t("dashboards.leftOut", { count: made.left_out.length }));
        void navigate(`/p/${project_id}/dashboards/${made.dashboard.id}`);
      },
    },
  );
  const open = (templates.data ?? []).filter((each) => !each.made);
  if (!open.length || !mayEdit) return null;
  return (
    <section className="stack">
      <h2 style={{ fontSize: 16, margin: 0 }}>{t("dashboards.ready")}</h2>
      <div style={GRID}>
        {open.map((template) => {
          const missing = template.tiles.filter((tile) => tile.missing.length).map((tile) => tile.title[language]);
          return (
            <Card key={template.template} size="small" title={template.name[language]} extra={<Button size="small" disabled={missing.length === template.tiles.length} loading={make.isPending && make.variables === template.template} onClick={() => make.mutate(template.template)}>{t("dashboards.make")}</Button>}>
              <div style={{ opacity: 0.85 }}>{template.description[language]}</div>
              {missing.length > 0 && <small>{t("dashboards.missing", { names: missing.join(" · ") })}</small>}
            </Card>
          );
        })}
      </div>
    </section>
  );
}

function NewBoard({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const create = useAction(() => taken(api.POST("/api/projects/{project_id}/dashboards", { params: { path: { project_id } }, body: { name, description: "", tags: [], tiles: [] } })), {
    refresh: [["dashboards", project_id]],
    onDone: (board) => void navigate(`/p/${project_id}/dashboards/${board.id}`),
  });
  return (
    <Modal open title={t("dashboards.newBoard")} onCancel={close} onOk={() => create.mutate()} okText={t("common.create")} okButtonProps={{ disabled: !name.trim(), loading: create.isPending }}>
      <Input autoFocus aria-label={t("common.name")} placeholder={t("common.name")} value={name} maxLength={200} onChange={(event) => setName(event.target.value)} onPressEnter={() => name.trim() && create.mutate()} />
    </Modal>
  );
}
