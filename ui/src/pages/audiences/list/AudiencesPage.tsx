import { Button, Card, Dropdown, Input, Table, Tooltip, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { DownOutlined, PlusOutlined } from "@/components/icons";
import { LoadMore, PageFrame, usePages, useUrlState, useWording } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import { KindMark, LastRefresh, RhythmMark } from "../common/Marks";
import type { Audience } from "../common/types";
import { CombineModal } from "./CombineModal";
import { ListedModal } from "./ListedModal";
import "../audiences.css";

/** The saved sets of people. */
export function AudiencesPage() {
  const { t } = useTranslation();
  const project = useProject();
  const url = useUrlState();
  const may = useMay("edit_insights");
  const navigate = useNavigate();
  const [open, setOpen] = useState<"listed" | "combine" | null>(null);
  const [chosen, choose] = useState<Audience[]>([]);
  const search = url.get("search");
  const audiences = usePages(["audiences", project.id, "list", search], (cursor) =>
    taken(api.GET("/api/projects/{project_id}/audiences", { params: { path: { project_id: project.id }, query: { search: search || undefined, cursor } } })),
  );
  const items = (["byCondition", "byIds"] as const).map((key) => ({ key, label: t(`audiences.${key}`) }));
  const create = may && (
    <Dropdown trigger={["click"]} menu={{ items, onClick: ({ key }) => (key === "byIds" ? setOpen("listed") : void navigate(`/p/${project.id}/audiences/new`)) }}>
      <Button type="primary" icon={<PlusOutlined />}>
        {t("audiences.create")} <DownOutlined style={{ fontSize: 10 }} />
      </Button>
    </Dropdown>
  );
  const none = !audiences.isPending && audiences.items.length === 0;
  return (
    <PageFrame title={t("audiences.title")} hint={t("audiences.hint")} extra={create}>
      <div className="row">
        <Input.Search key={search} allowClear style={{ width: 260 }} defaultValue={search} placeholder={t("audiences.search")} aria-label={t("audiences.search")} onSearch={(text) => url.change({ search: text.trim() })} />
        {may && !none && (
          <Tooltip title={chosen.length < 2 ? t("audiences.combineHint") : undefined}>
            <Button disabled={chosen.length < 2} onClick={() => setOpen("combine")}>
              {chosen.length ? t("audiences.combineChosen", { count: chosen.length }) : t("audiences.combine")}
            </Button>
          </Tooltip>
        )}
        {!none && (
          <Button disabled={chosen.length < 2 || chosen.length > 8} onClick={() => void navigate(`/p/${project.id}/audiences/compare?${new URLSearchParams(chosen.map((each) => ["id", each.id]))}`)}>
            {t("studies.compare.button")}
          </Button>
        )}
      </div>
      {audiences.error && <Failure error={audiences.error} retry={() => void audiences.refetch()} />}
      {!audiences.error && none && <Empty title={t(search ? "audiences.noMatch" : "audiences.empty")} hint={search ? undefined : t("audiences.emptyHint")} action={search ? undefined : create} />}
      {!audiences.error && !none && (
        <Card styles={{ body: { padding: 0 } }}>
          <AudienceTable audiences={audiences.items} loading={audiences.isPending} chosen={chosen} choose={choose} />
          <LoadMore list={audiences} />
        </Card>
      )}
      {open === "listed" && <ListedModal close={() => setOpen(null)} />}
      {open === "combine" && <CombineModal audiences={chosen} close={() => setOpen(null)} />}
    </PageFrame>
  );
}

interface TableProps {
  audiences: Audience[];
  loading: boolean;
  chosen: Audience[];
  choose?: (audiences: Audience[]) => void;
}

function AudienceTable({ audiences, loading, chosen, choose }: TableProps) {
  const { t } = useTranslation();
  const project = useProject();
  const words = useWording();
  return (
    <Table<Audience>
      size="small"
      rowKey="id"
      loading={loading}
      dataSource={audiences}
      pagination={false}
      scroll={{ x: 940 }}
      rowSelection={
        choose && {
          selectedRowKeys: chosen.map((each) => each.id),
          preserveSelectedRowKeys: true,
          onChange: (_, rows) => choose(rows),
          getCheckboxProps: (audience) => ({ "aria-label": t("audiences.choose", { name: audience.name }) }),
          // Choosing all of a list that goes on would mean something else than it says.
          columnTitle: <span className="sr-only">{t("audiences.combine")}</span>,
        }
      }
      columns={[
        {
          title: t("audiences.name"),
          key: "name",
          render: (_, audience) => (
            <div>
              <Link to={`/p/${project.id}/audiences/${audience.id}`}>{audience.name}</Link>
              {audience.description && (
                <div>
                  <Typography.Text type="secondary" style={{ fontSize: 13 }}>
                    {audience.description}
                  </Typography.Text>
                </div>
              )}
            </div>
          ),
        },
        { title: t("audiences.size"), dataIndex: "size", width: 110, align: "right", sorter: (one, other) => one.size - other.size, render: (size: number) => <span className="figure">{words.number(size)}</span> },
        { title: t("audiences.kind"), key: "kind", width: 140, render: (_, audience) => <KindMark audience={audience} /> },
        { title: t("audiences.refresh"), key: "refresh", width: 120, render: (_, audience) => <RhythmMark refresh={audience.refresh} /> },
        { title: t("audiences.refreshedAt"), key: "at", width: 210, render: (_, audience) => (audience.kind === "condition" ? <LastRefresh subject={audience} /> : "–") },
        { title: t("audiences.by"), key: "by", width: 130, ellipsis: true, render: (_, audience) => audience.created_by.name },
      ]}
    />
  );
}
