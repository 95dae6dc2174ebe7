import { PlusOutlined } from "@/components/icons";
import { useInfiniteQuery } from "@tanstack/react-query";
import { App, Button, Card, Dropdown, Input, Segmented, Select, Tag } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { LinkButton } from "@/components/LinkButton";
import { PageFrame } from "@/components/page/PageFrame";
import { useAction } from "@/components/page/useAction";
import { Waiting } from "@/components/Waiting";
import { type Kind, KINDS } from "@/query/types";
import { Table } from "@/results/Table";
import { useMay, useProject } from "@/session/session";
import type { Insight } from "./draft";
import { InsightStar } from "./InsightStar";

/** The saved insights of a project. */
export function InsightsPage() {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const mayEdit = useMay("edit_insights");
  const [search, setSearch] = useSearchParams();
  const set = (name: string, value: string | null | undefined) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
  const wanted = { search: search.get("search"), tag: search.get("tag"), kind: search.get("kind") as Kind | null, starred: search.get("starred") === "1" };
  const found = useInfiniteQuery({
    queryKey: ["insights", project_id, wanted],
    queryFn: ({ pageParam }) =>
      taken(
        api.GET("/api/projects/{project_id}/insights", {
          params: {
            path: { project_id },
            query: { search: wanted.search, tag: wanted.tag, kind: wanted.kind as never, starred: wanted.starred || undefined, cursor: pageParam, limit: 50 },
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const narrowed = Boolean(wanted.search || wanted.tag || wanted.kind || wanted.starred);
  const begin = (
    <LinkButton type="primary" icon={<PlusOutlined />} to={`/p/${project_id}/insights/new`}>
      {t("insights.newInsight")}
    </LinkButton>
  );
  return (
    <PageFrame title={t("insights.title")} hint={t("insights.intro")} extra={begin}>
      <Starters />
      <div className="row">
        <Segmented<string> value={wanted.starred ? "1" : ""} onChange={(value) => set("starred", value)} options={[{ value: "", label: t("insights.mine") }, { value: "1", label: t("insights.starred") }]} />
        <Input.Search allowClear aria-label={t("common.search")} placeholder={t("common.search")} defaultValue={wanted.search ?? ""} style={{ width: 240 }} onSearch={(text) => set("search", text.trim())} />
        <Select<string> allowClear aria-label={t("insights.kind")} placeholder={t("insights.kind")} value={wanted.kind ?? undefined} style={{ width: 160 }} options={KINDS.map((kind) => ({ value: kind, label: t(`insights.kinds.${kind}`) }))} onChange={(kind) => set("kind", kind)} />
        {wanted.tag && (
          <Tag closable onClose={() => set("tag", null)}>
            {wanted.tag}
          </Tag>
        )}
      </div>
      {found.isPending && <Waiting />}
      {found.error && <Failure error={found.error} retry={() => void found.refetch()} />}
      {found.isSuccess && !items.length && <Empty title={narrowed ? t("palette.nothing") : t("insights.noInsights")} hint={narrowed ? undefined : t("insights.noInsightsHint")} action={narrowed || !mayEdit ? undefined : begin} />}
      {items.length > 0 && <InsightTable items={items} pickTag={(tag) => set("tag", tag)} />}
      {found.hasNextPage && (
        <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t("common.loadMore")}
        </Button>
      )}
    </PageFrame>
  );
}

/** A first question of each kind, in one click. */
function Starters() {
  const { t } = useTranslation();
  const { id } = useProject();
  return (
    <div style={{ display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(170px, 1fr))", gap: 10 }}>
      {KINDS.map((kind) => (
        <Link key={kind} to={`/p/${id}/insights/new?kind=${kind}`} style={{ color: "inherit" }}>
          <Card size="small" hoverable style={{ height: "100%" }}>
            <strong>{t(`insights.kinds.${kind}`)}</strong>
            <div style={{ opacity: 0.78, fontSize: 12 }}>{t(`insights.kindHints.${kind}`)}</div>
          </Card>
        </Link>
      ))}
    </div>
  );
}

function InsightTable({ items, pickTag }: { items: Insight[]; pickTag: (tag: string) => void }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const mayEdit = useMay("edit_insights");
  return (
    <Table<Insight>
      rows={items}
      keyOf={(insight) => insight.id}
      pageSize={1000}
      columns={[
        { title: <span aria-label={t("insights.star")}>★</span>, key: "star", width: 36, show: (insight) => <InsightStar insight={insight} /> },
        {
          title: t("common.name"),
          key: "name",
          by: (insight) => insight.name,
          show: (insight) => (
            <div>
              <Link to={`/p/${project_id}/insights/${insight.id}`}>{insight.name}</Link>
              {insight.description && <div style={{ opacity: 0.78, fontSize: 12 }}>{insight.description}</div>}
            </div>
          ),
        },
        { title: t("insights.kind"), key: "kind", show: (insight) => (insight.query ? t(`insights.kinds.${insight.query.kind as Kind}`) : t("insights.unreadable")) },
        {
          title: t("common.tags"),
          key: "tags",
          show: (insight) =>
            insight.tags.map((tag) => (
              <Tag key={tag} style={{ cursor: "pointer" }} onClick={() => pickTag(tag)}>
                {tag}
              </Tag>
            )),
        },
        { title: t("common.createdBy"), key: "by", show: (insight) => insight.created_by.name },
        { title: t("common.updatedAt"), key: "at", by: (insight) => insight.updated_at, show: (insight) => dayjs(insight.updated_at).format("YYYY-MM-DD HH:mm") },
        ...(mayEdit ? [{ title: t("common.actions"), key: "more", show: (insight: Insight) => <More insight={insight} /> }] : []),
      ]}
    />
  );
}

function More({ insight }: { insight: Insight }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const navigate = useNavigate();
  const { id: project_id } = useProject();
  const params = { path: { project_id, insight_id: insight.id } };
  const refresh = [["insights", project_id]];
  const duplicate = useAction(() => taken(api.POST("/api/projects/{project_id}/insights/{insight_id}/duplicate", { params })), { refresh, onDone: (made) => void navigate(`/p/${project_id}/insights/${made.id}`) });
  const remove = useAction(() => api.DELETE("/api/projects/{project_id}/insights/{insight_id}", { params }), { refresh });
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [
          { key: "duplicate", label: t("common.duplicate"), onClick: () => duplicate.mutate() },
          { key: "remove", danger: true, label: t("common.remove"), onClick: () => void modal.confirm({ title: t("common.confirmRemove", { name: insight.name }), okButtonProps: { danger: true }, okText: t("common.remove"), onOk: () => remove.mutateAsync() }) },
        ],
      }}
    >
      <Button size="small" type="text">
        {t("common.more")}
      </Button>
    </Dropdown>
  );
}
