import { Descriptions, Table, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Mark, Moment, PropertyTable, valueText } from "@/components/page";
import { useProject } from "@/session/session";
import type { LiveEvent } from "./stream";

/** The first few properties in one line, the sender's own before the standard ones. */
export function summaryOf(properties: Record<string, unknown>, most = 4): string {
  return Object.entries(properties)
    .toSorted(([one], [other]) => Number(one.startsWith("$")) - Number(other.startsWith("$")))
    .slice(0, most)
    .map(([name, value]) => `${name}: ${valueText(value)}`)
    .join(" · ");
}

export function EventRows({ events, loading }: { events: LiveEvent[]; loading: boolean }) {
  const { t } = useTranslation();
  const project = useProject();
  return (
    <Table<LiveEvent>
      size="small"
      rowKey="event_id"
      loading={loading}
      dataSource={events}
      pagination={false}
      scroll={{ x: 860 }}
      expandable={{ expandedRowRender: (event) => <EventDetails event={event} />, expandRowByClick: true }}
      columns={[
        { title: t("collect.time"), dataIndex: "time", width: 172, render: (time: string) => <Moment at={time} seconds /> },
        { title: t("collect.event"), dataIndex: "event", width: 180, render: (name: string) => <Mark tone="busy">{name}</Mark> },
        {
          title: t("collect.person"),
          dataIndex: "distinct_id",
          width: 180,
          ellipsis: true,
          render: (id: string, event) => (
            <Link to={`/p/${project.id}/person?person=${encodeURIComponent(`#${event.person_id}`)}`} onClick={(click) => click.stopPropagation()}>
              {id}
            </Link>
          ),
        },
        { title: t("collect.source"), dataIndex: "source", width: 120, ellipsis: true },
        {
          title: t("collect.properties"),
          dataIndex: "properties",
          ellipsis: true,
          render: (properties: Record<string, unknown>) => <Typography.Text type="secondary">{summaryOf(properties)}</Typography.Text>,
        },
      ]}
    />
  );
}

function EventDetails({ event }: { event: LiveEvent }) {
  const { t } = useTranslation();
  return (
    <div className="stack" style={{ padding: "4px 0 8px" }}>
      <Descriptions
        size="small"
        column={{ xs: 1, md: 2 }}
        items={[
          { key: "id", label: t("collect.live.eventId"), children: <code>{event.event_id}</code> },
          { key: "received", label: t("collect.live.received"), children: <Moment at={event.received_at} seconds /> },
          { key: "person", label: t("collect.person"), children: event.distinct_id },
          { key: "session", label: t("collect.live.session"), children: event.session_id || t("common.none") },
        ]}
      />
      <PropertyTable properties={event.properties} label={t("collect.properties")} />
    </div>
  );
}
