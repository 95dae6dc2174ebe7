import { useQuery } from "@tanstack/react-query";
import { Segmented, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { useProject } from "@/session/session";
import type { Experiment } from "../common/types";
import { CourseView } from "./CourseView";

/** How the interval of each metric narrowed, look by look. */
export function CourseTab({ experiment }: { experiment: Experiment }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const [metric, setMetric] = useState<string | null>(null);
  const [variant, setVariant] = useState<string | null>(null);
  const course = useQuery({
    queryKey: ["course", project_id, experiment.id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/experiments/{experiment_id}/course", { params: { path: { project_id, experiment_id: experiment.id } } })),
  });
  if (course.isPending) return <Waiting />;
  if (course.error) return <Failure error={course.error} retry={() => void course.refetch()} />;
  const { metrics } = experiment.plan;
  const key = metric ?? metrics.find((each) => each.role === "primary")?.key;
  const ofMetric = course.data.filter((each) => each.metric === key);
  const shown = ofMetric.find((each) => each.variant === variant) ?? ofMetric[0];
  if (!shown || shown.points.length < 2) return <Empty title={t("experiments.course.empty")} hint={t("experiments.course.emptyHint")} />;
  const found = metrics.find((each) => each.key === shown.metric);
  return (
    <div className="stack" style={{ gap: 16 }}>
      <div className="row">
        <Select aria-label={t("experiments.course.metric")} value={key} style={{ minWidth: 220 }} options={metrics.map((each) => ({ value: each.key, label: each.name }))} onChange={setMetric} />
        {ofMetric.length > 1 && <Segmented aria-label={t("experiments.variant")} value={shown.variant} options={ofMetric.map((each) => each.variant)} onChange={setVariant} />}
      </div>
      <CourseView course={shown} kind={found?.measure.kind ?? "mean"} name={found?.name ?? shown.metric} />
    </div>
  );
}
