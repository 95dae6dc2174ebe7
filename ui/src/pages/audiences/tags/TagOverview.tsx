import { Card } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { useWording } from "@/components/page";
import { Chart } from "@/results/Chart";
import { useFigures } from "@/results/figures";
import { Clickable } from "@/results/Table";
import { useProject } from "@/session/session";
import { LastRefresh } from "../common/Marks";
import { useRuns } from "../common/queries";
import { RunTable } from "../common/RunTable";
import { SubjectPeopleDrawer } from "../common/SubjectPeople";
import type { Run, Tag } from "../common/types";
import { areManyNumbers } from "./bands";
import { linesOf } from "./lines";
import { ValueMoves } from "./ValueMoves";
import { useValueName } from "./useValueName";

/** How the values are spread now, how that changed, and who moved between them. */
export function TagOverview({ tag }: { tag: Tag }) {
  const { t } = useTranslation();
  const words = useWording();
  const runs = useRuns(tag.id);
  const good = useMemo(() => (runs.data ?? []).filter((run) => !run.error), [runs.data]);
  return (
    <div className="stack" style={{ gap: 16 }}>
      <Card size="small">
        <dl className="figures" style={{ margin: 0 }}>
          <div>
            <dt>{t("tagging.one.coverage")}</dt>
            <dd>{words.number(tag.people)}</dd>
          </div>
          <div>
            <dt>{t("tagging.one.valueCount")}</dt>
            <dd>{words.number(tag.value_count)}</dd>
          </div>
          {tag.kind !== "manual" && (
            <div>
              <dt>{t("audiences.refreshedAt")}</dt>
              <dd style={{ fontSize: 15, fontWeight: 500, paddingTop: 7 }}>
                <LastRefresh subject={{ refreshed_at: tag.refreshed_at, error: null }} />
              </dd>
            </div>
          )}
        </dl>
      </Card>
      <div className="two-columns">
        <Card size="small" title={t("tagging.one.now")}>
          {tag.people ? areManyNumbers(tag.values.map((each) => each.value)) ? <Histogram tag={tag} /> : <Bars tag={tag} /> : <Empty title={t("tagging.noValues")} />}
        </Card>
        <Card size="small" title={t("tagging.one.overTime")}>
          {good.length > 1 ? <OverTime runs={good} tag={tag} /> : <Empty title={t("audiences.one.notEnough")} hint={t("audiences.one.notEnoughHint")} />}
        </Card>
      </div>
      <ValueMoves subjectId={tag.id} kind={tag.kind} />
      {(runs.data ?? []).length > 0 && (
        <Card size="small" title={t("audiences.one.runs")} styles={{ body: { padding: 0 } }}>
          <RunTable runs={(runs.data ?? []).toReversed()} />
        </Card>
      )}
    </div>
  );
}

/** Each value with its people as a bar; a click shows them. */
function Bars({ tag }: { tag: Tag }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { id: project_id } = useProject();
  const nameOf = useValueName(tag.kind);
  const [shown, show] = useState<string | null>(null);
  const most = Math.max(1, ...tag.values.map((each) => each.people));
  return (
    <div className="stack" style={{ gap: 9 }}>
      {tag.values.slice(0, 20).map(({ value, people }) => (
        <div key={value} className="value-bar">
          <span title={nameOf(value)}>{nameOf(value)}</span>
          <div className="share-bar" style={{ height: 14 }} aria-hidden>
            <div style={{ width: `${(people / most) * 100}%` }} />
          </div>
          <span className="figure">
            <Clickable label={`${nameOf(value)}: ${figures.number(people)}`} onClick={() => show(value)}>
              {figures.number(people)}
            </Clickable>{" "}
            <small>{figures.percent(people / tag.people)}</small>
          </span>
        </div>
      ))}
      {tag.value_count > 20 && <small>{t("tagging.values", { count: tag.value_count })}</small>}
      {shown !== null && (
        <SubjectPeopleDrawer
          title={t("tagging.one.valuePeople", { value: nameOf(shown) })}
          close={() => show(null)}
          queryKey={["tag-people", project_id, tag.id, shown]}
          empty={t("tagging.noValues")}
          read={(cursor) => taken(api.GET("/api/projects/{project_id}/tags/{tag_id}/people", { params: { path: { project_id, tag_id: tag.id }, query: { value: shown, cursor, limit: 50 } } }))}
        />
      )}
    </div>
  );
}

/** Numbers in their order; a click shows the people of one. */
function Histogram({ tag }: { tag: Tag }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { id: project_id } = useProject();
  const [shown, show] = useState<string | null>(null);
  const bars = tag.values.toSorted((one, other) => Number(one.value) - Number(other.value));
  const option = {
    grid: { left: 8, right: 16, top: 16, bottom: 8, containLabel: true },
    tooltip: { trigger: "axis", confine: true, valueFormatter: (value: unknown) => figures.number(value as number) },
    xAxis: { type: "category", data: bars.map((each) => each.value) },
    yAxis: { type: "value", axisLabel: { formatter: (value: number) => figures.compact(value) } },
    series: [{ type: "bar", name: t("studies.people"), barCategoryGap: "12%", data: bars.map((each) => each.people) }],
  };
  return (
    <>
      <Chart option={option} height={300} label={t("tagging.one.now")} onPick={({ dataIndex }) => show(bars[dataIndex]?.value ?? null)} />
      {tag.value_count > bars.length && <small>{t("tagging.values", { count: tag.value_count })}</small>}
      {shown !== null && (
        <SubjectPeopleDrawer
          title={t("tagging.one.valuePeople", { value: shown })}
          close={() => show(null)}
          queryKey={["tag-people", project_id, tag.id, shown]}
          empty={t("tagging.noValues")}
          read={(cursor) => taken(api.GET("/api/projects/{project_id}/tags/{tag_id}/people", { params: { path: { project_id, tag_id: tag.id }, query: { value: shown, cursor, limit: 50 } } }))}
        />
      )}
    </>
  );
}

/** The values after each refresh, stacked. */
function OverTime({ runs, tag }: { runs: readonly Run[]; tag: Tag }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const words = useWording(useProject().time_zone);
  const nameOf = useValueName(tag.kind);
  const lines = useMemo(() => linesOf(runs), [runs]);
  const option = {
    grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
    legend: { type: "scroll", top: 0 },
    tooltip: { trigger: "axis", confine: true, valueFormatter: (value: unknown) => figures.number(value as number) },
    xAxis: { type: "category", boundaryGap: false, data: runs.map((run) => words.moment(run.at, false)), axisLabel: { hideOverlap: true } },
    yAxis: { type: "value", axisLabel: { formatter: (value: number) => figures.compact(value) } },
    series: lines.map(({ value, band, people }) => ({
      type: "line",
      name: band ? figures.range(band.low, band.high) : value === null ? t("tagging.one.coverage") : nameOf(value),
      stack: "all",
      areaStyle: { opacity: 0.5 },
      showSymbol: runs.length < 30,
      symbolSize: 5,
      lineStyle: { width: 1 },
      data: people,
    })),
  };
  return <Chart option={option} height={300} label={t("tagging.one.overTime")} />;
}
