import { useQuery } from "@tanstack/react-query";
import { Card, Segmented, Table } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Got } from "@/api/types";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { Mark, useUrlState } from "@/components/page";
import { Chart } from "@/results/Chart";
import { useFigures } from "@/results/figures";
import { useProject } from "@/session/session";
import { byChannel, type ChannelRow, LINES, series, STACKED } from "./course";
import { type Course, STATES, useChannels, useReason } from "./queries";

type Counts = Got<"/api/projects/{project_id}/messages/statistics">["counts"];
const PERIODS = ["2", "14", "90"] as const;

interface Props {
  counts: Counts | undefined;
  error: unknown;
  retry: () => void;
}

/** How many messages are in which state, how they went, and what each channel did. */
export function Overview({ counts, error, retry }: Props) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const url = useUrlState();
  const days = PERIODS.find((each) => each === url.get("days")) ?? "14";
  const course = useQuery({
    queryKey: ["messages", project_id, "course", days],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/messages/course", { params: { path: { project_id }, query: { days: Number(days) } } })),
    refetchInterval: 60_000,
  });
  if (error) return <Failure error={error} retry={retry} />;
  if (!counts) return <Waiting />;
  if (counts.length === 0 && course.data?.rows.length === 0) return <Empty title={t("outbox.empty")} hint={t("outbox.emptyHint")} />;
  return (
    <div className="stack">
      <Tiles counts={counts} />
      <Card
        size="small"
        title={course.data ? `${t("outbox.over")} · ${t(course.data.unit === "hour" ? "outbox.byHour" : "outbox.byDay")}` : t("outbox.over")}
        extra={<Segmented size="small" aria-label={t("outbox.period")} value={days} options={PERIODS.map((value) => ({ value, label: t(`outbox.periods.${value}`) }))} onChange={(value) => url.change({ days: value === "14" ? null : value })} />}
      >
        {course.error && <Failure error={course.error} small />}
        {course.isPending && <Waiting />}
        {course.data && (course.data.rows.length === 0 ? <Empty title={t("outbox.quiet")} /> : <OverTime course={course.data} now={course.dataUpdatedAt} />)}
      </Card>
      {course.data && <Channels course={course.data} counts={counts} />}
    </div>
  );
}

/** The states, each leading to its messages. */
function Tiles({ counts }: { counts: Counts }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const url = useUrlState();
  const of = new Map<string, number>();
  for (const each of counts) of.set(each.state, (of.get(each.state) ?? 0) + each.count);
  return (
    <div className="state-tiles" role="group" aria-label={t("outbox.now")}>
      {STATES.filter((state) => of.get(state) || state === "queued" || state === "sent" || state === "uncertain").map((state) => (
        <button key={state} type="button" className="state-tile" data-testid={`state-${state}`} onClick={() => url.change(state === "uncertain" ? { tab: "uncertain" } : { tab: "messages", state })}>
          <span>{t(`outbox.states.${state}`)}</span>
          <strong>{figures.number(of.get(state) ?? 0)}</strong>
        </button>
      ))}
    </div>
  );
}

function OverTime({ course, now }: { course: Course; now: number }) {
  const { t, i18n } = useTranslation();
  const figures = useFigures();
  const { time_zone: timeZone } = useProject();
  const option = useMemo(() => {
    const { starts, values } = series(course, timeZone, now);
    const hours = course.unit === "hour" ? ({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const) : {};
    const labels = starts.map((at) => new Intl.DateTimeFormat(i18n.language === "zh" ? "zh-CN" : "en-GB", { timeZone, month: "2-digit", day: "2-digit", ...hours }).format(at));
    const drawn = (event: string) => values.get(event)?.some((value) => value > 0);
    return {
      grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
      legend: { top: 0, type: "scroll" },
      tooltip: { trigger: "axis", confine: true, valueFormatter: (value: unknown) => figures.number(value as number) },
      xAxis: { type: "category", data: labels },
      yAxis: { type: "value", minInterval: 1, axisLabel: { formatter: (value: number) => figures.compact(value) } },
      series: [
        ...STACKED.filter(({ event }) => drawn(event)).map(({ event, color }) => ({ type: "bar", stack: "all", name: t(`outbox.events.${event}`), itemStyle: { color }, barMaxWidth: 28, data: values.get(event) })),
        ...LINES.filter(({ event }) => drawn(event)).map(({ event, color }) => ({ type: "line", name: t(`outbox.events.${event}`), itemStyle: { color }, symbolSize: 5, data: values.get(event) })),
      ],
    };
  }, [course, now, figures, i18n.language, t, timeZone]);
  return <Chart option={option} height={280} label={t("outbox.over")} />;
}

function Channels({ course, counts }: { course: Course; counts: Counts }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const channels = useChannels();
  const reason = useReason();
  const rows = byChannel(course, counts);
  if (rows.length === 0) return null;
  const column = (title: string, of: (row: ChannelRow) => number) => ({ title, key: title, align: "right" as const, width: 90, render: (_: unknown, row: ChannelRow) => <span className="figure">{figures.number(of(row))}</span> });
  return (
    <Card size="small" title={t("outbox.byChannel")} styles={{ body: { padding: 0 } }}>
      <Table<ChannelRow>
        size="small"
        rowKey="channel_id"
        pagination={false}
        dataSource={rows}
        scroll={{ x: 900 }}
        columns={[
          { title: t("outbox.channel"), key: "name", render: (_, row) => channels.nameOf(row.channel_id) },
          column(t("outbox.waiting"), (row) => row.waiting),
          column(t("outbox.events.$message_sent"), (row) => row.of("$message_sent")),
          column(t("outbox.events.$message_delivered"), (row) => row.of("$message_delivered")),
          column(t("outbox.events.$message_opened"), (row) => row.of("$message_opened")),
          column(t("outbox.events.$message_clicked"), (row) => row.of("$message_clicked")),
          column(t("outbox.events.$message_bounced"), (row) => row.of("$message_bounced")),
          column(t("outbox.events.$message_suppressed"), (row) => row.of("$message_suppressed")),
          {
            title: t("outbox.why"),
            key: "why",
            width: 280,
            render: (_, row) => row.reasons.slice(0, 4).map(([code, count]) => <Mark key={code} tone="quiet">{`${reason(code)} ${figures.number(count)}`}</Mark>),
          },
        ]}
      />
    </Card>
  );
}
