import { Card, Segmented } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { Chart } from "@/results/Chart";
import { useFigures } from "@/results/figures";
import { useProject } from "@/session/session";
import { SubjectPeopleDrawer } from "../common/SubjectPeople";
import { sinceOf, type SpanName, useEndMs } from "../common/queries";
import type { Tag } from "../common/types";
import { useRead, useStudy } from "../studies/ask";
import { ValueMoves } from "../tags/ValueMoves";
import type { StageTag } from "../tags/types";
import { Backfill } from "./Backfill";
import { Matrix } from "./Matrix";
import { ReturnCurve } from "./ReturnCurve";
import { StageSizes } from "./StageSizes";
import { type Returns, type Stage, STAGE_COLORS, STAGES } from "./types";

/** Who is in which stage, how that changed, and the curve that the definition stands on. */
export function LifecycleHistory({ tag }: { tag: Tag }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const [shown, show] = useState<Stage | null>(null);
  const definition = tag.definition as StageTag;
  const returns = useStudy<Returns>("stages/returns", { active: definition.active, window: { kind: "ever" } });
  return (
    <>
      <Card size="small" title={t("studies.lifecycle.now")}>
        <StageSizes sizes={Object.fromEntries(tag.values.map(({ value, people }) => [value, people]))} onPick={show} />
      </Card>
      <div className="two-columns">
        <OverTime tag={tag} />
        <InAndOut tag={tag} />
      </div>
      <Matrix subjectId={tag.id} kind="stages" title={t("studies.lifecycle.matrix")} hint={t("studies.lifecycle.matrixHint")} corner={t("studies.lifecycle.stage")} />
      <ValueMoves subjectId={tag.id} kind="stages" span="day" title={t("studies.lifecycle.today")} />
      {returns.error && <Failure error={returns.error} retry={() => void returns.refetch()} />}
      {returns.data && <ReturnCurve returns={returns.data} definition={definition} />}
      {shown && (
        <SubjectPeopleDrawer
          title={t("tagging.one.valuePeople", { value: t(`tagging.valueNames.${shown}`) })}
          close={() => show(null)}
          empty={t("tagging.noValues")}
          queryKey={["tag-people", project_id, tag.id, shown]}
          read={(cursor) => taken(api.GET("/api/projects/{project_id}/tags/{tag_id}/people", { params: { path: { project_id, tag_id: tag.id }, query: { value: shown, cursor, limit: 50 } } }))}
        />
      )}
    </>
  );
}

interface SizeOnDay {
  day: string;
  value: string;
  people: number;
}

function OverTime({ tag }: { tag: Tag }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const sizes = useRead<SizeOnDay[]>(`flows/${tag.id}/sizes?days=400`);
  const option = useMemo(() => {
    const rows = sizes.data ?? [];
    const days = [...new Set(rows.map((row) => row.day))];
    const by = new Map(rows.map((row) => [`${row.day}|${row.value}`, row.people]));
    return {
      grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
      legend: { top: 0 },
      tooltip: { trigger: "axis", confine: true, valueFormatter: (value: unknown) => figures.number(value as number) },
      xAxis: { type: "category", boundaryGap: false, data: days },
      yAxis: { type: "value", axisLabel: { formatter: (value: number) => figures.compact(value) } },
      series: STAGES.map((stage) => ({ type: "line", name: t(`tagging.valueNames.${stage}`), stack: "all", showSymbol: days.length < 40, symbolSize: 4, lineStyle: { width: 1 }, areaStyle: { opacity: 0.55 }, itemStyle: { color: STAGE_COLORS[stage] }, data: days.map((day) => by.get(`${day}|${stage}`) ?? 0) })),
    };
  }, [sizes.data, figures, t]);
  const days = new Set((sizes.data ?? []).map((row) => row.day)).size;
  return (
    <Card size="small" title={t("studies.lifecycle.overTime")} extra={<Backfill subjectId={tag.id} />}>
      {sizes.error && <Failure error={sizes.error} small />}
      {sizes.isPending ? <Waiting /> : days < 2 ? <Empty title={t("audiences.one.notEnough")} hint={t("studies.lifecycle.backfillHint")} /> : <Chart option={option} height={290} label={t("studies.lifecycle.overTime")} />}
    </Card>
  );
}

interface DayFlow {
  day: string;
  value: string;
  entered: number;
  left: number;
}

function InAndOut({ tag }: { tag: Tag }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const [stage, setStage] = useState<Stage>("dormant");
  const [span, setSpan] = useState<SpanName>("quarter");
  const after = sinceOf(span, useEndMs());
  const flows = useRead<DayFlow[]>(`flows/${tag.id}/days?after=${encodeURIComponent(after)}`);
  const own = (flows.data ?? []).filter((each) => each.value === stage);
  const option = {
    grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
    legend: { top: 0 },
    tooltip: { trigger: "axis", confine: true, valueFormatter: (value: unknown) => figures.number(Math.abs(value as number)) },
    xAxis: { type: "category", data: own.map((each) => each.day) },
    yAxis: { type: "value", axisLabel: { formatter: (value: number) => figures.compact(Math.abs(value)) } },
    series: [
      { type: "bar", stack: "all", name: t("studies.lifecycle.entered"), barMaxWidth: 20, itemStyle: { color: STAGE_COLORS[stage] }, data: own.map((each) => each.entered) },
      { type: "bar", stack: "all", name: t("studies.lifecycle.left"), barMaxWidth: 20, itemStyle: { color: "#8a94a6" }, data: own.map((each) => -each.left) },
    ],
  };
  return (
    <Card
      size="small"
      title={t("studies.lifecycle.inOut")}
      extra={<Segmented<SpanName> size="small" aria-label={t("insights.period")} value={span} onChange={setSpan} options={(["month", "quarter", "year"] as const).map((value) => ({ value, label: t(`audiences.one.spans.${value}`) }))} />}
    >
      <div className="stack" style={{ gap: 8 }}>
        <Segmented<Stage> size="small" aria-label={t("studies.lifecycle.stage")} value={stage} onChange={setStage} options={STAGES.map((value) => ({ value, label: t(`tagging.valueNames.${value}`) }))} />
        {flows.error && <Failure error={flows.error} small />}
        {flows.isPending ? <Waiting /> : own.length === 0 ? <Empty title={t("tagging.one.movesEmpty")} /> : <Chart option={option} height={250} label={t("studies.lifecycle.inOut")} />}
      </div>
    </Card>
  );
}
