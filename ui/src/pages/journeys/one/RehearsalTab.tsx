import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Card, DatePicker, Spin } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import type { Schemas } from "@/api/types";
import { useEndMs } from "@/pages/audiences/common/queries";
import { Chart } from "@/results/Chart";
import { useFigures } from "@/results/figures";
import { useProject } from "@/session/session";
import type { Definition } from "../common/types";
import { LazyCanvas } from "../editor/Editor";
import { figuresOf } from "../editor/graph";
import { Trace } from "./Trace";

type Rehearsal = Schemas["Rehearsal"];
const DAYS = 30;
const MOST_DAYS = 92;

/** What would have happened in a past time, from the log; nothing is sent. */
export function RehearsalTab({ definition, whole }: { definition: Definition; whole: boolean }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const end = dayjs(useEndMs());
  const [chosen, choose] = useState<[Dayjs, Dayjs] | null>(null);
  const [first, last] = chosen ?? [end.subtract(DAYS, "day"), end];
  const days = { first_day: first.format("YYYY-MM-DD"), last_day: last.format("YYYY-MM-DD") };
  const run = useMutation({
    mutationFn: async (held: Definition) => ({ found: await taken(api.POST("/api/projects/{project_id}/journeys/rehearse", { params: { path: { project_id } }, body: { definition: held as never, ...days, sample: 5 } })), definition: held }),
  });
  return (
    <div className="stack" style={{ gap: 16 }}>
      <div className="row">
        <DatePicker.RangePicker aria-label={t("journeys.rehearsal.period")} allowClear={false} value={[first, last]} disabledDate={(day, { from }) => day.isAfter(dayjs(), "day") || (from !== undefined && Math.abs(day.diff(from, "day")) >= MOST_DAYS)} onChange={(value) => value?.[0] && value[1] && choose([value[0], value[1]])} />
        <Button type="primary" disabled={!whole} loading={run.isPending} onClick={() => run.mutate(definition)}>
          {t("journeys.rehearsal.run")}
        </Button>
        <span style={{ opacity: 0.85 }}>{t(whole ? "journeys.rehearsal.hint" : "journeys.rehearsal.fillFirst")}</span>
      </div>
      {run.isPending && (
        <div className="row" role="status">
          <Spin size="small" /> {t("journeys.rehearsal.running")}
        </div>
      )}
      {run.error && <Failure error={run.error} small />}
      {run.data && <Found {...run.data} />}
      {!run.data && !run.isPending && !run.error && <Empty title={t("journeys.rehearsal.empty")} hint={t("journeys.rehearsal.emptyHint")} />}
    </div>
  );
}

function Found({ found, definition }: { found: Rehearsal; definition: Definition }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const drawn = useMemo(() => figuresOf(found), [found]);
  const left = Object.values(found.left).reduce((sum, each) => sum + each, 0);
  const shown = [
    ["occasions", found.occasions],
    ["entered", found.entered],
    ["people", found.people],
    ["refused", found.refused_again + found.refused_full],
    ["messages", found.messages],
    ...(definition.goal ? ([["converted", found.converted]] as const) : []),
    ["inside", found.inside],
    ["left", left],
  ] as const;
  return (
    <>
      <dl className="figures" style={{ margin: 0 }}>
        {shown.map(([name, value]) => (
          <div key={name}>
            <dt>{t(`journeys.rehearsal.figures.${name}`)}</dt>
            <dd data-testid={`rehearsed-${name}`}>{figures.number(value)}</dd>
          </div>
        ))}
      </dl>
      {found.notes.map((note) => (
        <Alert key={note} type="info" showIcon title={t(`journeys.rehearsal.notes.${note as "entry_by_api"}`, { defaultValue: note })} />
      ))}
      <Suspense fallback={<Waiting height={420} />}>
        <LazyCanvas definition={definition} label={t("journeys.rehearsal.canvas")} figures={drawn} height={420} />
      </Suspense>
      <Card size="small" title={t("journeys.rehearsal.byDay")}>
        <ByDay days={found.days} />
      </Card>
      <Card size="small" title={t("journeys.rehearsal.sample")}>
        {found.sample.length ? found.sample.map((walk) => <Trace key={walk.person_id + walk.entered_ms} journey={{ draft: definition }} passage={walk} />) : t("journeys.people.empty")}
      </Card>
    </>
  );
}

function ByDay({ days }: { days: Rehearsal["days"] }) {
  const { t } = useTranslation();
  const option = useMemo(
    () => ({
      tooltip: { trigger: "axis" },
      legend: { top: 0 },
      grid: { left: 44, right: 12, top: 34, bottom: 26 },
      xAxis: { type: "category", data: days.map((each) => each.day.slice(5)) },
      yAxis: { type: "value", minInterval: 1 },
      series: (["entered", "messages"] as const).map((name) => ({ type: "bar", name: t(`journeys.rehearsal.figures.${name}`), data: days.map((each) => each[name]) })),
    }),
    [days, t],
  );
  return <Chart option={option} height={240} label={t("journeys.rehearsal.byDay")} />;
}
