import { useQuery } from "@tanstack/react-query";
import { Card } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Failure } from "@/components/Failure";
import { useWording } from "@/components/page";
import { Waiting } from "@/components/Waiting";
import { Chart } from "@/results/Chart";
import { useFigures } from "@/results/figures";
import { useProject } from "@/session/session";
import { VARIANT_COLORS } from "../common/Marks";
import type { Experiment } from "../common/types";

/** A bandit's weights over time, each until the next were computed. */
export function BanditCard({ experiment }: { experiment: Experiment }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const project = useProject();
  const words = useWording(project.time_zone);
  const weights = useQuery({
    queryKey: ["weights", project.id, experiment.id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/experiments/{experiment_id}/weights", { params: { path: { project_id: project.id, experiment_id: experiment.id } } })),
  });
  const option = useMemo(() => {
    const rows = weights.data ?? [];
    const last = rows.at(-1);
    // The last weights hold until now.
    const shown = last ? [...rows, { ...last, at: experiment.stopped_at ?? new Date().toISOString() }] : [];
    return {
      grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
      legend: { top: 0 },
      tooltip: { trigger: "axis", confine: true, valueFormatter: (value: unknown) => figures.percent(value as number) },
      xAxis: { type: "category", boundaryGap: false, data: shown.map((each) => words.moment(each.at, false)) },
      yAxis: { type: "value", max: 1, axisLabel: { formatter: (value: number) => figures.percent(value) } },
      series: experiment.plan.variants.map(({ key }, place) => ({ type: "line", name: key, step: "end", stack: "all", showSymbol: false, lineStyle: { width: 1 }, areaStyle: { opacity: 0.6 }, itemStyle: { color: VARIANT_COLORS[place % VARIANT_COLORS.length] }, data: shown.map((each) => each.weights[key] ?? 0) })),
    };
  }, [weights.data, experiment, figures, words]);
  const newest = weights.data?.at(-1)?.weights ?? {};
  const now = experiment.plan.variants.map(({ key }) => `${key} ${figures.percent(newest[key] ?? 0)}`).join(", ");
  return (
    <Card size="small" title={t("experiments.reading.bandit")}>
      <div className="stack">
        <span style={{ fontSize: 13 }}>{t("experiments.reading.banditHint")}</span>
        {weights.error ? <Failure small error={weights.error} /> : weights.isPending ? <Waiting /> : <Chart option={option} height={240} label={t("experiments.reading.banditNow", { weights: now })} />}
      </div>
    </Card>
  );
}
