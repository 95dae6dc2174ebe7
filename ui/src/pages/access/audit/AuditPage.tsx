import { DownloadOutlined } from "@/components/icons";
import { Button, Card, DatePicker, Descriptions, Input, Select, Table, Typography } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { download, LoadMore, Moment, PageFrame, useAction, usePages, useUrlState } from "@/components/page";
import { useProject } from "@/session/session";
import { Changes } from "./Changes";
import { FAMILIES, useActionWords } from "./words";

type AuditRow = Schemas["AuditOutput"];

function useWanted() {
  const url = useUrlState();
  const day = (name: string) => (/^\d{4}-\d{2}-\d{2}$/.test(url.get(name)) ? dayjs(url.get(name)) : null);
  const [since, until] = [day("since"), day("until")];
  const query = {
    action: url.get("action") || undefined,
    actor: url.get("actor") || undefined,
    target: url.get("target") || undefined,
    since: since?.startOf("day").toISOString(),
    until: until?.add(1, "day").startOf("day").toISOString(),
  };
  return { url, since, until, query };
}

/** Who did what in the project. */
export function AuditPage() {
  const { t } = useTranslation();
  const project = useProject();
  const { query } = useWanted();
  const list = usePages(["audit", project.id, query], (cursor) =>
    taken(api.GET("/api/projects/{project_id}/audit", { params: { path: { project_id: project.id }, query: { ...query, cursor } } })),
  );
  const given = Object.entries(query).filter((each): each is [string, string] => each[1] !== undefined);
  const take = useAction(() => download(`/api/projects/${project.id}/audit.csv?${new URLSearchParams(given).toString()}`, `audit-${project.id}.csv`));
  return (
    <PageFrame
      title={t("access.audit.title")}
      hint={t("access.audit.hint")}
      extra={
        <Button icon={<DownloadOutlined />} loading={take.isPending} onClick={() => take.mutate()}>
          {t("access.audit.export")}
        </Button>
      }
    >
      <Filters />
      {list.error && <Failure error={list.error} retry={() => void list.refetch()} />}
      {!list.error && !list.isPending && list.items.length === 0 && <Empty title={t("access.audit.empty")} hint={t("access.audit.emptyHint")} />}
      {!list.error && (list.isPending || list.items.length > 0) && (
        <Card styles={{ body: { padding: 0 } }}>
          <Records records={list.items} loading={list.isPending} />
          <LoadMore list={list} />
        </Card>
      )}
    </PageFrame>
  );
}

function Filters() {
  const { t } = useTranslation();
  const { url, since, until } = useWanted();
  return (
    <div className="row">
      <Select
        showSearch={{ optionFilterProp: "label" }}
        style={{ width: 170 }}
        aria-label={t("access.audit.action")}
        value={url.get("action")}
        options={[{ value: "", label: t("access.audit.anyAction") }, ...FAMILIES.map((value) => ({ value, label: t(`access.audit.actions.${value}`) }))]}
        onChange={(action: string) => url.change({ action })}
      />
      <Input.Search key={`actor ${url.get("actor")}`} allowClear style={{ width: 210 }} defaultValue={url.get("actor")} placeholder={t("access.audit.actorSearch")} aria-label={t("access.audit.actorSearch")} onSearch={(text) => url.change({ actor: text.trim() })} />
      <Input.Search key={`target ${url.get("target")}`} allowClear style={{ width: 210 }} defaultValue={url.get("target")} placeholder={t("access.audit.targetSearch")} aria-label={t("access.audit.targetSearch")} onSearch={(text) => url.change({ target: text.trim() })} />
      <DatePicker.RangePicker
        allowEmpty
        aria-label={t("access.audit.period")}
        value={[since, until]}
        onChange={(range) => url.change({ since: range?.[0]?.format("YYYY-MM-DD"), until: range?.[1]?.format("YYYY-MM-DD") })}
      />
    </div>
  );
}

function Records({ records, loading }: { records: AuditRow[]; loading: boolean }) {
  const { t } = useTranslation();
  const words = useActionWords();
  return (
    <Table<AuditRow>
      size="small"
      rowKey="number"
      loading={loading}
      dataSource={records}
      pagination={false}
      scroll={{ x: 860 }}
      expandable={{ expandedRowRender: (record) => <Details record={record} />, expandRowByClick: true }}
      columns={[
        { title: t("access.audit.at"), dataIndex: "at", width: 175, render: (at: string) => <Moment at={at} seconds /> },
        {
          title: t("access.audit.actor"),
          key: "actor",
          width: 180,
          ellipsis: true,
          render: (_, record) => (
            <>
              {record.actor_name || record.actor_id || t(`access.audit.kinds.${record.actor_kind}`)}{" "}
              {record.actor_kind !== "member" && <Typography.Text type="secondary">({t(`access.audit.kinds.${record.actor_kind}`)})</Typography.Text>}
            </>
          ),
        },
        { title: t("access.audit.action"), dataIndex: "action", render: (action: string) => words(action) },
        { title: t("access.audit.target"), key: "target", ellipsis: true, render: (_, record) => <Typography.Text type="secondary">{record.target_id}</Typography.Text> },
        { title: t("access.audit.address"), dataIndex: "address", width: 140, ellipsis: true },
      ]}
    />
  );
}

function Details({ record }: { record: AuditRow }) {
  const { t } = useTranslation();
  return (
    <div className="stack" style={{ padding: "4px 0 8px" }}>
      <Changes before={record.before} after={record.after} />
      <Descriptions
        size="small"
        column={1}
        items={[
          { key: "number", label: t("access.audit.number"), children: record.number },
          { key: "action", label: t("access.audit.action"), children: <code>{record.action}</code> },
          { key: "target", label: t("access.audit.target"), children: `${record.target_kind} ${record.target_id}` },
          { key: "hash", label: t("access.audit.hash"), children: <code style={{ overflowWrap: "anywhere" }}>{record.hash}</code> },
        ]}
      />
    </div>
  );
}
