import { PlusOutlined } from "@/components/icons";
import { App, Button, Card, Dropdown, Input, Table, Tag, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { download, LoadMore, Moment, PageFrame, useAction, usePages, useUrlState, useWording } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import { AudienceDrawer } from "./AudienceDrawer";
import { NewAudience } from "./NewAudience";

export type Audience = Schemas["AudienceOutput"];

/** The saved sets of people. */
export function AudiencesPage() {
  const { t } = useTranslation();
  const project = useProject();
  const url = useUrlState();
  const may = useMay("edit_insights");
  const [making, setMaking] = useState(false);
  const search = url.get("search");
  const audiences = usePages(["audiences", project.id, search], (cursor) =>
    taken(api.GET("/api/projects/{project_id}/audiences", { params: { path: { project_id: project.id }, query: { search: search || undefined, cursor } } })),
  );
  const create = may && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setMaking(true)}>
      {t("people.audiences.create")}
    </Button>
  );
  const none = !audiences.isPending && audiences.items.length === 0;
  return (
    <PageFrame title={t("people.audiences.title")} hint={t("people.audiences.hint")} extra={create}>
      <Input.Search key={search} allowClear style={{ width: 260 }} defaultValue={search} placeholder={t("people.audiences.search")} aria-label={t("people.audiences.search")} onSearch={(text) => url.change({ search: text.trim() })} />
      {audiences.error && <Failure error={audiences.error} retry={() => void audiences.refetch()} />}
      {!audiences.error && none && <Empty title={t(search ? "people.audiences.noMatch" : "people.audiences.empty")} hint={search ? undefined : t("people.audiences.emptyHint")} action={search ? undefined : create} />}
      {!audiences.error && !none && (
        <Card styles={{ body: { padding: 0 } }}>
          <AudienceTable audiences={audiences.items} loading={audiences.isPending} open={(id) => url.change({ audience: id })} />
          <LoadMore list={audiences} />
        </Card>
      )}
      {making && <NewAudience close={() => setMaking(false)} />}
      <AudienceDrawer />
    </PageFrame>
  );
}

function AudienceTable({ audiences, loading, open }: { audiences: Audience[]; loading: boolean; open: (id: string) => void }) {
  const { t } = useTranslation();
  const words = useWording();
  return (
    <Table<Audience>
      size="small"
      rowKey="id"
      loading={loading}
      dataSource={audiences}
      pagination={false}
      scroll={{ x: 820 }}
      columns={[
        {
          title: t("people.audiences.name"),
          key: "name",
          render: (_, audience) => (
            <div>
              <Typography.Link href={`?audience=${audience.id}`} onClick={(click) => (click.preventDefault(), open(audience.id))}>
                {audience.name}
              </Typography.Link>
              <div>
                <Typography.Text type="secondary">{audience.description}</Typography.Text>
              </div>
            </div>
          ),
        },
        { title: t("people.audiences.size"), dataIndex: "size", width: 100, align: "right", render: (size: number) => <span className="figure">{words.number(size)}</span> },
        { title: t("people.audiences.origin"), key: "origin", width: 130, render: (_, audience) => <Tag>{t(audience.question ? "people.audiences.origins.question" : "people.audiences.origins.ids")}</Tag> },
        { title: t("people.audiences.by"), key: "by", width: 130, ellipsis: true, render: (_, audience) => audience.created_by.name },
        { title: t("people.audiences.createdAt"), dataIndex: "created_at", width: 160, render: (at: string) => <Moment at={at} /> },
        { title: t("common.actions"), key: "actions", width: 190, render: (_, audience) => <AudienceVerbs audience={audience} /> },
      ]}
    />
  );
}

const FORMATS = ["csv", "xlsx", "jsonl"] as const;
type Format = (typeof FORMATS)[number];

/** Export and delete, as far as the reader may. */
export function AudienceVerbs({ audience, removed }: { audience: Audience; removed?: () => void }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const project = useProject();
  const mayExport = useMay("export");
  const mayEdit = useMay("edit_insights");
  const take = useAction((format: Format) => download(`/api/projects/${project.id}/audiences/${audience.id}/export?format=${format}&spreadsheet=${format !== "jsonl"}`, `${audience.name}.${format}`));
  const remove = useAction(() => api.DELETE("/api/projects/{project_id}/audiences/{audience_id}", { params: { path: { project_id: project.id, audience_id: audience.id } } }), {
    done: t("common.removed"),
    refresh: [["audiences", project.id]],
    onDone: () => removed?.(),
  });
  const ask = () =>
    modal.confirm({ title: t("people.audiences.removeConfirm", { name: audience.name }), okText: t("people.audiences.remove"), okButtonProps: { danger: true }, onOk: () => remove.mutate() });
  return (
    <div className="row">
      {mayExport && (
        <Dropdown trigger={["click"]} menu={{ items: FORMATS.map((key) => ({ key, label: key.toUpperCase() })), onClick: ({ key }) => take.mutate(key as Format) }}>
          <Button size="small" loading={take.isPending}>
            {t("people.audiences.export")}
          </Button>
        </Dropdown>
      )}
      {mayEdit && (
        <Button size="small" danger onClick={ask}>
          {t("people.audiences.remove")}
        </Button>
      )}
    </div>
  );
}
