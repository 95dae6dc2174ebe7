import { PlusOutlined } from "@/components/icons";
import { Button, Card, Input, Select, Table, Tooltip, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { LoadMore, Mark, Moment, usePages, useUrlState, useWording } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import { type Status, STATUS_TONES, STATUSES } from "./planned";

type EventSummary = Schemas["EventSummary"];

/** A description in the reader's language, else in the other one. */
export function useDescription(): (description: Schemas["Description"]) => string {
  const { i18n } = useTranslation();
  return ({ zh, en }) => (i18n.language === "zh" ? zh || en : en || zh);
}

export function StatusTag({ status }: { status: Status }) {
  const { t } = useTranslation();
  return (
    <Tooltip title={t(`collect.plan.statusHints.${status}`)}>
      <span>
        <Mark tone={STATUS_TONES[status]}>{t(`collect.plan.statuses.${status}`)}</Mark>
      </span>
    </Tooltip>
  );
}

export function PlanEvents() {
  const { t } = useTranslation();
  const project = useProject();
  const may = useMay("edit_data");
  const url = useUrlState();
  const search = url.get("search");
  const status = STATUSES.find((each) => each === url.get("status"));
  const events = usePages(["plan-events", project.id, search, status], (cursor) =>
    taken(
      api.GET("/api/projects/{project_id}/catalog/events", {
        params: { path: { project_id: project.id }, query: { search: search || undefined, status, cursor, limit: 200 } },
      }),
    ),
  );
  const filtered = search !== "" || status !== undefined;
  if (events.error) return <Failure error={events.error} retry={() => void events.refetch()} />;
  return (
    <div className="stack">
      <div className="row between">
        <div className="row">
          <Input.Search key={search} allowClear style={{ width: 240 }} defaultValue={search} placeholder={t("collect.plan.search")} aria-label={t("collect.plan.search")} onSearch={(text) => url.change({ search: text.trim() })} />
          <Select
            style={{ width: 150 }}
            aria-label={t("collect.plan.status")}
            value={status ?? ""}
            options={[{ value: "", label: t("collect.plan.anyStatus") }, ...STATUSES.map((value) => ({ value, label: t(`collect.plan.statuses.${value}`) }))]}
            onChange={(chosen: string) => url.change({ status: chosen })}
          />
        </div>
        {may && (
          <Button icon={<PlusOutlined />} onClick={() => url.change({ event: null, new: "1" })}>
            {t("collect.plan.newEvent")}
          </Button>
        )}
      </div>
      {!events.isPending && events.items.length === 0 ? (
        <Empty title={t(filtered ? "collect.plan.noMatch" : "collect.plan.empty")} hint={filtered ? undefined : t("collect.plan.emptyHint")} />
      ) : (
        <Card styles={{ body: { padding: 0 } }}>
          <EventTable events={events.items} loading={events.isPending} open={(name) => url.change({ event: name, new: null })} />
          <LoadMore list={events} />
        </Card>
      )}
    </div>
  );
}

function EventTable({ events, loading, open }: { events: EventSummary[]; loading: boolean; open: (name: string) => void }) {
  const { t } = useTranslation();
  const words = useWording();
  const described = useDescription();
  const seen = (at: number | null | undefined) => (at ? <Moment at={at} /> : <Typography.Text type="secondary">{t("collect.plan.neverSeen")}</Typography.Text>);
  return (
    <Table<EventSummary>
      size="small"
      rowKey="name"
      loading={loading}
      dataSource={events}
      pagination={false}
      scroll={{ x: 900 }}
      columns={[
        {
          title: t("collect.event"),
          dataIndex: "name",
          sorter: (one, other) => one.name.localeCompare(other.name),
          render: (name: string, event) => (
            <div>
              <Typography.Link onClick={() => open(name)} href={`?event=${encodeURIComponent(name)}`} onClickCapture={(click) => click.preventDefault()}>
                {name}
              </Typography.Link>
              <div>
                <Typography.Text type="secondary">{described(event.description)}</Typography.Text>
              </div>
            </div>
          ),
        },
        { title: t("collect.plan.status"), dataIndex: "status", width: 110, render: (status: Status) => <StatusTag status={status} /> },
        { title: t("collect.plan.owner"), dataIndex: "owner", width: 140, ellipsis: true },
        {
          title: t("collect.plan.volume"),
          key: "count",
          width: 130,
          align: "right",
          sorter: (one, other) => one.seen.count - other.seen.count,
          render: (_, event) => <span className="figure">{words.number(event.seen.count)}</span>,
        },
        { title: t("collect.plan.firstSeen"), key: "first", width: 160, render: (_, event) => seen(event.seen.first_ms) },
        {
          title: t("collect.plan.lastSeen"),
          key: "last",
          width: 160,
          sorter: (one, other) => (one.seen.last_ms ?? 0) - (other.seen.last_ms ?? 0),
          render: (_, event) => seen(event.seen.last_ms),
        },
      ]}
    />
  );
}
