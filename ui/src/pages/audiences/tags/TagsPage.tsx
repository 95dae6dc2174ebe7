import { useQuery } from "@tanstack/react-query";
import { Card, Input, Segmented, Table, Tree } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { PlusOutlined } from "@/components/icons";
import { LinkButton } from "@/components/LinkButton";
import { LoadMore, Mark, PageFrame, usePages, useUrlState, useWording } from "@/components/page";
import { useSubjects } from "@/query/subjects";
import { useMay, useProject } from "@/session/session";
import { LastRefresh, RhythmMark } from "../common/Marks";
import { ReferenceGraph } from "../common/References";
import type { Tag } from "../common/types";
import { KindName } from "./KindName";
import { type CategoryNode, treeOf } from "./making";
import { ShareBar } from "./ShareBar";
import "../audiences.css";

/** The tags by category, with how their values are spread. */
export function TagsPage() {
  const { t } = useTranslation();
  const project = useProject();
  const url = useUrlState();
  const may = useMay("edit_insights");
  const graph = url.get("view") === "graph";
  const create = may && (
    <LinkButton type="primary" icon={<PlusOutlined />} to={`/p/${project.id}/tags/new`}>
      {t("tagging.create")}
    </LinkButton>
  );
  const views = (["list", "graph"] as const).map((value) => ({ value, label: t(`tagging.${value}`) }));
  return (
    <PageFrame
      title={t("tagging.title")}
      hint={t("tagging.hint")}
      extra={
        <>
          <Segmented aria-label={t("tagging.graph")} value={graph ? "graph" : "list"} options={views} onChange={(view) => url.change({ view: view === "graph" ? "graph" : null })} />
          {create}
        </>
      }
    >
      {graph ? <WholeGraph /> : <TagList create={create} />}
    </PageFrame>
  );
}

function WholeGraph() {
  const { t } = useTranslation();
  const { links, ready } = useSubjects();
  if (ready && links.length === 0) return <Empty title={t("tagging.graphEmpty")} />;
  return (
    <Card size="small">
      <ReferenceGraph />
    </Card>
  );
}

function TagList({ create }: { create: React.ReactNode }) {
  const { t } = useTranslation();
  const project = useProject();
  const url = useUrlState();
  const [search, category] = [url.get("search"), url.get("category")];
  const tags = usePages(["tags", project.id, "list", search, category], (cursor) =>
    taken(api.GET("/api/projects/{project_id}/tags", { params: { path: { project_id: project.id }, query: { search: search || undefined, category: category || undefined, cursor } } })),
  );
  const categories = useQuery({
    queryKey: ["tags", project.id, "categories"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/tags/categories", { params: { path: { project_id: project.id } } })),
  });
  const tree = treeOf(categories.data ?? {});
  const none = !tags.isPending && tags.items.length === 0;
  const narrowed = Boolean(search || category);
  return (
    <>
      <Input.Search key={search} allowClear style={{ width: 260 }} defaultValue={search} placeholder={t("tagging.search")} aria-label={t("tagging.search")} onSearch={(text) => url.change({ search: text.trim() })} />
      {tags.error && <Failure error={tags.error} retry={() => void tags.refetch()} />}
      <div style={{ display: "flex", flexWrap: "wrap", gap: 16, alignItems: "flex-start" }}>
        {tree.length > 0 && (
          <Card size="small" title={t("tagging.category")} style={{ flex: "0 1 220px", minWidth: 180 }}>
            <Tree
              aria-label={t("tagging.category")}
              blockNode
              defaultExpandAll
              selectedKeys={[category]}
              treeData={[{ key: "", title: t("tagging.allCategories") }, ...tree.map(branch)]}
              onSelect={([key]) => url.change({ category: key === undefined ? null : String(key) })}
            />
          </Card>
        )}
        <div style={{ flex: "100 1 560px", minWidth: 0 }}>
          {!tags.error && none && <Empty title={t(narrowed ? "tagging.noMatch" : "tagging.empty")} hint={narrowed ? undefined : t("tagging.emptyHint")} action={narrowed ? undefined : create} />}
          {!tags.error && !none && (
            <Card styles={{ body: { padding: 0 } }}>
              <TagTable tags={tags.items} loading={tags.isPending} />
              <LoadMore list={tags} />
            </Card>
          )}
        </div>
      </div>
    </>
  );
}

function branch({ key, title, count, children }: CategoryNode): { key: string; title: string; children: ReturnType<typeof branch>[] } {
  return { key, title: `${title} (${count})`, children: children.map(branch) };
}

function TagTable({ tags, loading }: { tags: Tag[]; loading: boolean }) {
  const { t } = useTranslation();
  const project = useProject();
  const words = useWording();
  return (
    <Table<Tag>
      size="small"
      rowKey="id"
      loading={loading}
      dataSource={tags}
      pagination={false}
      scroll={{ x: 860 }}
      columns={[
        {
          title: t("tagging.name"),
          key: "name",
          width: 200,
          render: (_, tag) => (
            <div>
              <Link to={`/p/${project.id}/tags/${tag.id}`}>{tag.name}</Link>
              <div style={{ fontSize: 12.5, opacity: 0.82 }}>{[tag.category, tag.owner, tag.description].filter(Boolean).join(" · ")}</div>
            </div>
          ),
        },
        { title: t("tagging.distribution"), key: "values", width: 264, render: (_, tag) => <ShareBar tag={tag} /> },
        { title: t("tagging.people"), dataIndex: "people", width: 110, align: "right", render: (people: number) => <span className="figure">{words.number(people)}</span> },
        {
          title: t("tagging.kind"),
          key: "kind",
          width: 160,
          render: (_, tag) => (
            <span className="row" style={{ gap: 4 }}>
              <Mark tone="busy">
                <KindName kind={tag.kind} />
              </Mark>
              {tag.kind !== "manual" && <RhythmMark refresh={tag.refresh} />}
            </span>
          ),
        },
        { title: t("audiences.refreshedAt"), key: "at", width: 170, render: (_, tag) => (tag.kind === "manual" ? "–" : <LastRefresh subject={tag} />) },
      ]}
    />
  );
}
