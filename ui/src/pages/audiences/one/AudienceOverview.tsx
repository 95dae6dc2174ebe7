import { Card, Segmented } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { useWording } from "@/components/page";
import { Chart } from "@/results/Chart";
import { useFigures } from "@/results/figures";
import { Clickable } from "@/results/Table";
import { useProject } from "@/session/session";
import { LastRefresh } from "../common/Marks";
import { sinceOf, type SpanName, SPANS, useMoves, useRuns, useEndMs } from "../common/queries";
import { RunTable } from "../common/RunTable";
import { SubjectPeopleDrawer } from "../common/SubjectPeople";
import type { Audience, Run } from "../common/types";

/** How many there are, how that came to be, and who came and went. */
export function AudienceOverview({ audience }: { audience: Audience }) {
  const { t } = useTranslation();
  const words = useWording();
  const runs = useRuns(audience.id);
  const good = useMemo(() => (runs.data ?? []).filter((run) => !run.error), [runs.data]);
  return (
    <div className="stack" style={{ gap: 16 }}>
      <Card size="small">
        <dl className="figures" style={{ margin: 0 }}>
          <div>
            <dt>{t("audiences.size")}</dt>
            <dd data-testid="size">{words.number(audience.size)}</dd>
          </div>
          {audience.kind === "condition" && (
            <div>
              <dt>{t("audiences.refreshedAt")}</dt>
              <dd style={{ fontSize: 15, fontWeight: 500, paddingTop: 7 }}>
                <LastRefresh subject={{ refreshed_at: audience.refreshed_at, error: null }} />
              </dd>
            </div>
          )}
          <div>
            <dt>{t("audiences.by")}</dt>
            <dd style={{ fontSize: 15, fontWeight: 500, paddingTop: 7 }}>{audience.created_by.name}</dd>
          </div>
        </dl>
      </Card>
      {runs.error && <Failure error={runs.error} retry={() => void runs.refetch()} />}
      {audience.kind === "condition" && (
        <div className="two-columns">
          <Card size="small" title={t("audiences.one.sizeOverTime")}>
            {good.length > 1 ? <SizeChart runs={good} /> : <Empty title={t("audiences.one.notEnough")} hint={t("audiences.one.notEnoughHint")} />}
          </Card>
          <EnteredAndLeft audience={audience} />
        </div>
      )}
      {audience.kind === "condition" && (runs.data ?? []).length > 0 && (
        <Card size="small" title={t("audiences.one.runs")} styles={{ body: { padding: 0 } }}>
          <RunTable runs={(runs.data ?? []).toReversed()} />
        </Card>
      )}
    </div>
  );
}

/** The size as a line, with who came above and who left below the axis. */
function SizeChart({ runs }: { runs: readonly Run[] }) {
  const { t, i18n } = useTranslation();
  const figures = useFigures();
  const words = useWording(useProject().time_zone);
  const option = useMemo(
    () => ({
      grid: { left: 8, right: 8, top: 36, bottom: 8, containLabel: true },
      legend: { top: 0 },
      tooltip: { trigger: "axis", confine: true, valueFormatter: (value: unknown) => figures.number(value as number) },
      xAxis: { type: "category", data: runs.map((run) => words.moment(run.at, false)), axisLabel: { hideOverlap: true } },
      yAxis: [
        { type: "value", scale: true, axisLabel: { formatter: (value: number) => figures.compact(value) } },
        { type: "value", splitLine: { show: false }, axisLabel: { formatter: (value: number) => figures.compact(Math.abs(value)) } },
      ],
      series: [
        { type: "line", name: t("audiences.size"), data: runs.map((run) => run.people), symbolSize: 6, areaStyle: { opacity: 0.12 }, z: 3 },
        { type: "bar", name: t("audiences.one.entered"), yAxisIndex: 1, stack: "moved", barMaxWidth: 18, itemStyle: { color: "#18b5a4", opacity: 0.75 }, data: runs.map((run) => run.entered) },
        { type: "bar", name: t("audiences.one.left"), yAxisIndex: 1, stack: "moved", barMaxWidth: 18, itemStyle: { color: "#f2994a", opacity: 0.75 }, data: runs.map((run) => -run.left), tooltip: { valueFormatter: (value: unknown) => figures.number(-(value as number)) } },
      ],
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [runs, figures, i18n.language],
  );
  return <Chart option={option} height={280} label={t("audiences.one.sizeOverTime")} />;
}

/** How many entered and left in a time, each with the people. */
function EnteredAndLeft({ audience }: { audience: Audience }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { id: project_id } = useProject();
  const [span, setSpan] = useState<SpanName>("week");
  const [shown, show] = useState<"entered" | "left" | null>(null);
  const moves = useMoves(audience.id, span);
  const count = (kind: "entered" | "left") => (moves.data?.moves ?? []).filter((move) => (kind === "entered" ? move.before === null : move.value === null)).reduce((sum, move) => sum + move.people, 0);
  const after = sinceOf(span, useEndMs());
  return (
    <Card
      size="small"
      title={t("audiences.one.moves")}
      extra={<Segmented<SpanName> size="small" aria-label={t("insights.period")} value={span} onChange={setSpan} options={(Object.keys(SPANS) as SpanName[]).map((value) => ({ value, label: t(`audiences.one.spans.${value}`) }))} />}
    >
      {moves.error && <Failure error={moves.error} small />}
      {moves.data && (
        <dl className="figures" style={{ margin: "8px 4px" }}>
          {(["entered", "left"] as const).map((kind) => (
            <div key={kind}>
              <dt>{t(`audiences.one.${kind}`)}</dt>
              <dd style={{ color: kind === "entered" ? "#0c8377" : "#c2560c" }}>
                <Clickable label={`${t(`audiences.one.${kind}`)}: ${count(kind)}`} onClick={count(kind) ? () => show(kind) : undefined}>
                  {kind === "entered" ? "+" : "−"}
                  {figures.number(count(kind))}
                </Clickable>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {moves.data?.moves.length === 0 && <span style={{ opacity: 0.85 }}>{t("audiences.one.movesEmpty")}</span>}
      {shown && (
        <SubjectPeopleDrawer
          title={`${audience.name} · ${t(`audiences.one.${shown}`)}`}
          close={() => show(null)}
          queryKey={["subject-moved", project_id, audience.id, shown, after]}
          empty={t("audiences.one.movesEmpty")}
          read={(cursor) =>
            taken(
              api.GET("/api/projects/{project_id}/subjects/{subject_id}/moved", {
                params: { path: { project_id, subject_id: audience.id }, query: { after, cursor, limit: 50, ...(shown === "entered" ? { before: "" } : { value: "" }) } },
              }),
            )
          }
        />
      )}
    </Card>
  );
}
