import { Button, Card, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type ApiError, taken } from "@/api/client";
import { PlusOutlined } from "@/components/icons";
import { useAction } from "@/components/page";
import { useMetrics } from "@/query/metrics";
import { useProject } from "@/session/session";
import type { Metric, Plan } from "../common/types";
import { freshKey, freshMetric, isFinished } from "./making";
import { MetricEditor } from "./MetricEditor";

interface Props {
  plan: Plan;
  set: (change: Partial<Plan>) => void;
  tried: boolean;
  refused: ApiError | null;
}

/** The metrics; a known one of insights can be taken as a beginning. */
export function MetricsCard({ plan, set, tried, refused }: Props) {
  const { t } = useTranslation();
  const { metrics } = plan;
  const faultOf = (metric: Metric, place: number) => {
    const at = /^plan\.metrics[.[](\d+)/.exec(refused?.path ?? "")?.[1];
    if (refused && at === String(place)) return [refused.message, refused.hint].filter(Boolean).join(" ");
    return tried && (!metric.name.trim() || !isFinished(metric.measure)) ? t("experiments.form.metricNeeds", { name: metric.name || "…" }) : undefined;
  };
  return (
    <Card size="small" title={t("experiments.form.metrics")}>
      <div className="stack">
        <span style={{ fontSize: 13, opacity: 0.85 }}>{t("experiments.form.metricsHint")}</span>
        {metrics.map((metric, place) => (
          <MetricEditor key={metric.key} metric={metric} fault={faultOf(metric, place)} onChange={(next) => set({ metrics: metrics.with(place, next) })} onRemove={metrics.length > 1 ? () => set({ metrics: metrics.toSpliced(place, 1) }) : undefined} />
        ))}
        {metrics.length < 20 && (
          <div className="row">
            <Button type="dashed" icon={<PlusOutlined />} onClick={() => set({ metrics: [...metrics, freshMetric(metrics)] })}>
              {t("experiments.form.addMetric")}
            </Button>
            <FromInsight plan={plan} set={set} />
          </div>
        )}
      </div>
    </Card>
  );
}

function FromInsight({ plan, set }: Pick<Props, "plan" | "set">) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const known = useMetrics(true);
  const [chosen, choose] = useState<string | null>(null);
  const take = useAction((metric_id: string) => taken(api.POST("/api/projects/{project_id}/experiments/metric", { params: { path: { project_id } }, body: { metric_id, key: freshKey(plan.metrics) } })), {
    done: (metric) => t("experiments.form.copied", { name: metric.name }),
    onDone: (metric) => {
      const fresh = freshMetric(plan.metrics);
      const made = { ...fresh, ...(metric as unknown as Metric), role: fresh.role, window: fresh.window };
      // An empty first metric makes room.
      const kept = plan.metrics.filter((each) => each.name || isFinished(each.measure));
      set({ metrics: [...kept, kept.length ? made : { ...made, role: "primary" }] });
      choose(null);
    },
  });
  if (!known.items.length) return null;
  return (
    <Select
      aria-label={t("experiments.form.fromInsight")}
      placeholder={t("experiments.form.fromInsight")}
      style={{ width: 220 }}
      value={chosen}
      loading={take.isPending}
      showSearch={{ optionFilterProp: "label" }}
      options={known.items.map((each) => ({ value: each.id, label: each.name }))}
      onChange={(metric_id: string) => {
        choose(metric_id);
        take.mutate(metric_id);
      }}
    />
  );
}
