import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Chart } from "./Chart";
import { useFigures, useGroupName } from "./figures";
import { Clickable, Table } from "./Table";
import { grid } from "./trendOption";
import type { SessionsResult, ViewProps } from "./types";

type Ends = SessionsResult["entries"];

/** How many sessions, how long, how many ended at once, and where they begin and end. */
export function SessionsView({ result, chart, height, onSelect, small }: ViewProps<SessionsResult>) {
  const { t } = useTranslation();
  const figures = useFigures();
  const groupName = useGroupName();
  const option = useMemo(
    () => ({
      grid: grid(result.groups.length > 1),
      legend: { type: "scroll", top: 0, show: result.groups.length > 1 },
      tooltip: { trigger: "axis", confine: true, valueFormatter: (value: unknown) => figures.number(value as number) },
      xAxis: { type: "category", data: result.buckets.map((bucket) => figures.bucket(bucket, result.interval)) },
      yAxis: { type: "value", axisLabel: { formatter: (value: number) => figures.compact(value) } },
      series: result.groups.map((group) => ({ type: "line", name: groupName(group.breakdown), data: group.values.map((each) => each.sessions) })),
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [result, figures],
  );
  const whole = result.groups[0]?.total;
  return (
    <div className="stack">
      {whole && (
        <div className="row" style={{ gap: 28 }}>
          {(
            [
              ["sessions", figures.compact(whole.sessions)],
              ["people", figures.compact(whole.people)],
              ["meanLength", figures.duration(whole.mean_seconds)],
              ["bounceRate", figures.percent(whole.bounce_rate)],
              ["eventsPerSession", figures.number(whole.events_per_session)],
            ] as const
          ).map(([name, value]) => (
            <div key={name}>
              <div style={{ opacity: 0.8 }}>{t(`insights.sessionFigures.${name}`)}</div>
              <div className="figure" style={{ fontSize: 24, fontWeight: 600 }}>
                {value}
              </div>
            </div>
          ))}
        </div>
      )}
      {chart !== "table" && (
        <Chart
          option={option}
          height={height}
          label={t("insights.kinds.sessions")}
          onPick={
            onSelect &&
            (({ seriesIndex, dataIndex }) => {
              const bucket = result.buckets[dataIndex];
              const group = result.groups[seriesIndex];
              if (bucket && group) onSelect({ bucket, breakdown: group.breakdown ?? null }, `${groupName(group.breakdown)} · ${bucket}`);
            })
          }
        />
      )}
      {!small && (
        <div className="row" style={{ alignItems: "flex-start", gap: 16 }}>
          <EndTable title={t("insights.entries")} ends={result.entries} pick={onSelect && ((end) => onSelect({ entry: end.page }, `${t("insights.entries")} · ${groupName(end.page)}`))} />
          <EndTable title={t("insights.exits")} ends={result.exits} pick={onSelect && ((end) => onSelect({ exit: end.page }, `${t("insights.exits")} · ${groupName(end.page)}`))} />
        </div>
      )}
    </div>
  );
}

function EndTable({ title, ends, pick }: { title: string; ends: Ends; pick?: (end: Ends[number]) => void }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const groupName = useGroupName();
  return (
    <section className="grow" style={{ minWidth: 320 }}>
      <strong>{title}</strong>
      <Table
        rows={ends}
        keyOf={(end) => JSON.stringify(end.page)}
        pageSize={10}
        columns={[
          { title: t("insights.page"), key: "page", show: (end) => groupName(end.page) },
          { title: t("insights.sessionFigures.sessions"), key: "sessions", numeric: true, by: (end) => end.figures.sessions, show: (end) => <Clickable onClick={pick && (() => pick(end))}>{figures.number(end.figures.sessions)}</Clickable> },
          { title: t("insights.sessionFigures.bounceRate"), key: "bounce", numeric: true, by: (end) => end.figures.bounce_rate ?? null, show: (end) => figures.percent(end.figures.bounce_rate) },
        ]}
      />
    </section>
  );
}
