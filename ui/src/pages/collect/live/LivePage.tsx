import { PauseOutlined, PlayCircleOutlined, ReloadOutlined } from "@/components/icons";
import { Badge, Button, Card, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { LoadMore, PageFrame, useEventNames, usePages, useUrlState } from "@/components/page";
import { useProject } from "@/session/session";
import { EventRows } from "./EventRows";
import { Sparkline } from "./Sparkline";
import { countsBySecond, merged, useSecond, useStream } from "./stream";

/** Events as they arrive, after the latest ones. */
export function LivePage() {
  const { t } = useTranslation();
  const url = useUrlState();
  const names = useEventNames();
  const events = url.all("event");
  const person = url.get("person");
  return (
    <PageFrame title={t("collect.live.title")} hint={t("collect.live.hint")}>
      <div className="row">
        <Select
          mode="multiple"
          allowClear
          style={{ minWidth: 240, flex: "0 1 420px" }}
          placeholder={t("collect.live.filterEvents")}
          aria-label={t("collect.live.filterEvents")}
          value={events}
          options={names}
          onChange={(chosen: string[]) => url.change({ event: chosen })}
        />
        <Input.Search
          key={person}
          allowClear
          style={{ width: 260 }}
          defaultValue={person}
          placeholder={t("collect.live.filterPerson")}
          aria-label={t("collect.live.filterPerson")}
          onSearch={(text) => url.change({ person: text.trim() })}
        />
      </div>
      <Feed key={JSON.stringify([events, person])} events={events} person={person} />
    </PageFrame>
  );
}

function Feed({ events, person }: { events: string[]; person: string }) {
  const project = useProject();
  const wanted = new URLSearchParams(events.map((name) => ["event", name]));
  if (person) wanted.set("person", person);
  const live = useStream(`/api/projects/${project.id}/events/live?${wanted.toString()}`);
  const recent = usePages(["recent-events", project.id, events, person], (cursor) =>
    taken(
      api.GET("/api/projects/{project_id}/events/recent", {
        params: { path: { project_id: project.id }, query: { event: events, person: person || undefined, cursor, limit: 50 } },
      }),
    ),
  );
  const shown = merged(live.state.shown, recent.items, Infinity);
  if (recent.error && shown.length === 0) return <Failure error={recent.error} retry={() => void recent.refetch()} />;
  return (
    <>
      <FeedHead live={live} />
      {shown.length === 0 && !recent.isPending ? (
        <NoEvents filtered={events.length > 0 || person !== ""} />
      ) : (
        <Card styles={{ body: { padding: 0 } }}>
          <EventRows events={shown} loading={recent.isPending} />
          <LoadMore list={recent} />
        </Card>
      )}
    </>
  );
}

function FeedHead({ live }: { live: ReturnType<typeof useStream> }) {
  const { t } = useTranslation();
  const { connection, paused, waiting, arrivals } = live.state;
  const counts = countsBySecond(arrivals, useSecond());
  const state = paused ? "paused" : connection;
  const colour = { paused: "warning", connecting: "processing", open: "success", closed: "error" } as const;
  return (
    <div className="row between">
      <div className="row" style={{ gap: 16 }}>
        <span role="status">
          <Badge status={colour[state]} text={t(`collect.live.states.${state}`)} />
        </span>
        <Sparkline counts={counts} label={t("collect.live.perSecond")} />
        <span className="figure">{t("collect.live.now", { count: counts.at(-2) ?? 0 })}</span>
      </div>
      <div className="row">
        {paused && waiting.length > 0 && <span className="figure">{t("collect.live.waiting", { count: waiting.length })}</span>}
        {connection === "closed" && (
          <Button icon={<ReloadOutlined />} onClick={live.reconnect}>
            {t("collect.live.reconnect")}
          </Button>
        )}
        <Button type={paused ? "primary" : "default"} icon={paused ? <PlayCircleOutlined /> : <PauseOutlined />} onClick={() => live.pause(!paused)}>
          {t(paused ? "collect.live.resume" : "collect.live.pause")}
        </Button>
      </div>
    </div>
  );
}

function NoEvents({ filtered }: { filtered: boolean }) {
  const { t } = useTranslation();
  const project = useProject();
  if (filtered) return <Empty title={t("collect.live.emptyFiltered")} />;
  return (
    <Empty
      title={t("collect.live.empty")}
      hint={t("collect.live.emptyHint")}
      action={
        <Link to={`/p/${project.id}/sources`}>
          <Button type="primary">{t("collect.live.toSources")}</Button>
        </Link>
      }
    />
  );
}
