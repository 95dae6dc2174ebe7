import { DownOutlined, RightOutlined } from "@/components/icons";
import { Select, theme, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { LoadMore, Moment, PropertyTable, spanText, useEventNames, usePages, useUrlState, valueText } from "@/components/page";
import { useProject } from "@/session/session";
import { EventIcon } from "./EventIcon";
import { bySession, type SessionOfEvents, type TimelineEvent } from "./sessions";

/** A person's events by session, the latest first. */
export function Timeline({ reference }: { reference: string }) {
  const { t } = useTranslation();
  const project = useProject();
  const url = useUrlState();
  const names = useEventNames();
  const wanted = url.all("event");
  const events = usePages(["timeline", project.id, reference, wanted], (cursor) =>
    taken(
      api.GET("/api/projects/{project_id}/person/timeline", {
        params: { path: { project_id: project.id }, query: { person: reference, event: wanted.length > 0 ? wanted : undefined, cursor, limit: 100 } },
      }),
    ),
  );
  const sessions = bySession(events.items);
  return (
    <div className="stack">
      <Select
        mode="multiple"
        allowClear
        style={{ maxWidth: 420 }}
        placeholder={t("people.person.filterEvents")}
        aria-label={t("people.person.filterEvents")}
        value={wanted}
        options={names}
        onChange={(chosen: string[]) => url.change({ event: chosen })}
      />
      {events.isPending && <Waiting />}
      {events.error && <Failure small error={events.error} retry={() => void events.refetch()} />}
      {!events.isPending && !events.error && sessions.length === 0 && <Empty title={t("people.person.noEvents")} hint={t("people.person.noEventsHint")} />}
      {sessions.map((session, place) => (
        <Session key={session.key} session={session} open={place === sessions.length - 1 && events.hasNextPage} />
      ))}
      <LoadMore list={events} />
    </div>
  );
}

/** One session; ``open`` where earlier events of it may not have been read yet. */
function Session({ session, open }: { session: SessionOfEvents; open: boolean }) {
  const { t, i18n } = useTranslation();
  const { token } = theme.useToken();
  const count = session.events.length;
  const length = session.endMs - session.startMs;
  const figures = length < 1000 ? t("people.person.sessionMoment", { count }) : t("people.person.sessionFigures", { count, span: spanText(length, i18n.language) });
  return (
    <section aria-label={t("people.person.session")}>
      <div className="row between" style={{ padding: "6px 10px", background: token.colorFillQuaternary, borderRadius: token.borderRadius }}>
        <strong>
          {t("people.person.session")} <Moment at={session.startMs} />
        </strong>
        <Typography.Text type="secondary">{open ? t("people.person.sessionOpen", { count }) : figures}</Typography.Text>
      </div>
      <ol style={{ listStyle: "none", margin: "4px 0 0 18px", padding: 0, borderInlineStart: `2px solid ${token.colorBorderSecondary}` }}>
        {session.events.map((event) => (
          <Occurrence key={event.event_id} event={event} />
        ))}
      </ol>
      {session.gapMs !== null && (
        <Typography.Text type="secondary" style={{ display: "block", padding: "8px 0 0 10px", fontSize: 12 }}>
          ⋮ {t("people.person.gap", { span: spanText(session.gapMs, i18n.language) })}
        </Typography.Text>
      )}
    </section>
  );
}

const TOLD = ["$title", "$path", "$url", "$screen_name", "$product_name", "$search_query"];

/** The one property that tells most about an event. */
function told(properties: Record<string, unknown>): string {
  const name = TOLD.find((each) => valueText(properties[each]) !== "") ?? Object.keys(properties).find((each) => !each.startsWith("$"));
  if (!name) return "";
  return name.startsWith("$") ? valueText(properties[name]) : `${name}: ${valueText(properties[name])}`;
}

function Occurrence({ event }: { event: TimelineEvent }) {
  const { token } = theme.useToken();
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <li style={{ marginInlineStart: -13, padding: "2px 0" }}>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        style={{ display: "flex", alignItems: "center", gap: 10, width: "100%", border: 0, padding: "3px 4px 3px 0", background: "transparent", color: token.colorText, font: "inherit", textAlign: "start", cursor: "pointer" }}
      >
        <EventIcon name={event.event} />
        <span style={{ fontWeight: 500, whiteSpace: "nowrap" }}>{event.event}</span>
        <span className="grow" style={{ overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap", color: token.colorTextSecondary }}>
          {told(event.properties)}
        </span>
        <span style={{ color: token.colorTextSecondary }}>
          <Moment at={event.time} seconds />
        </span>
        {open ? <DownOutlined style={{ fontSize: 10 }} /> : <RightOutlined style={{ fontSize: 10 }} />}
      </button>
      {open && (
        <div style={{ padding: "4px 4px 10px 34px" }}>
          <PropertyTable properties={{ ...event.properties, distinct_id: event.distinct_id, source: event.source }} label={t("collect.properties")} />
        </div>
      )}
    </li>
  );
}
