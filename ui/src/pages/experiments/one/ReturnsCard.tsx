import { useQuery } from "@tanstack/react-query";
import { Button, Card, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { useAction } from "@/components/page";
import { useFigures } from "@/results/figures";
import { Table } from "@/results/Table";
import { useMay, useProject } from "@/session/session";
import { CostFields } from "../edit/CostFields";
import { tidied } from "../edit/making";
import type { Experiment, Range, Reading, ReturnOf } from "../common/types";

/** What each variant brought beyond the control, what that cost, and what came back. */
export function ReturnsCard({ experiment, reading }: { experiment: Experiment; reading: Reading }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { id: project_id } = useProject();
  const may = useMay("edit_insights");
  const [editing, edit] = useState(false);
  const { costs } = experiment.plan;
  const returns = useQuery({
    queryKey: ["returns", project_id, experiment.id, reading.at_ms, costs],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/experiments/{experiment_id}/returns", { params: { path: { project_id, experiment_id: experiment.id } } })),
    enabled: costs !== null,
  });
  if (reading.verdict.outcome === "stopped" || reading.verdict.outcome === "not_attributable") return null;
  const span = (range: Range | null, show: (value: number) => string) => (range ? `${show(range.value)} (${t("experiments.reading.fromTo", { low: end(range.low, show), high: end(range.high, show) })})` : "–");
  const end = (value: number | null, show: (value: number) => string) => (value === null ? t("experiments.reading.unbounded") : show(value));
  const number = (value: number) => figures.number(Math.round(value * 100) / 100);
  return (
    <Card size="small" title={t("experiments.reading.returns")} extra={may && <Button size="small" onClick={() => edit(true)}>{t(costs ? "common.edit" : "experiments.reading.addCosts")}</Button>}>
      {!costs && <span>{t("experiments.reading.noCosts")}</span>}
      {costs && (
        <Table<ReturnOf>
          rows={returns.data ?? []}
          keyOf={(each) => each.variant}
          columns={[
            { title: t("experiments.variant"), key: "variant", show: (each) => each.variant },
            { title: t("experiments.reading.cost"), key: "cost", numeric: true, show: (each) => number(each.cost) },
            { title: t("experiments.reading.gained"), key: "gained", numeric: true, show: (each) => span(each.gained, number) },
            {
              title: t("experiments.reading.costEach"),
              key: "each",
              numeric: true,
              show: (each) => (each.cost_each === null ? "–" : `${number(each.cost_each)} (${t("experiments.reading.fromTo", { low: each.cost_each_low === null ? "–" : number(each.cost_each_low), high: end(each.cost_each_high, number) })})`),
            },
            { title: t("experiments.reading.earned"), key: "earned", numeric: true, show: (each) => span(each.earned, number) },
            { title: t("experiments.reading.roi"), key: "roi", numeric: true, show: (each) => <strong>{span(each.roi, (value) => figures.percent(value))}</strong> },
          ]}
        />
      )}
      {editing && <EditCosts experiment={experiment} close={() => edit(false)} />}
    </Card>
  );
}

function EditCosts({ experiment, close }: { experiment: Experiment; close: () => void }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const [costs, change] = useState(experiment.plan.costs ?? { fixed: 0, per_person: {}, margin: 1, revenue: experiment.plan.metrics.find((each) => each.measure.kind === "mean")?.key ?? null });
  const save = useAction(() => taken(api.PATCH("/api/projects/{project_id}/experiments/{experiment_id}", { params: { path: { project_id, experiment_id: experiment.id } }, body: { costs: tidied({ ...experiment.plan, costs }).costs } })), {
    done: t("common.saved"),
    refresh: [["experiments", project_id], ["returns", project_id]],
    onDone: close,
  });
  return (
    <Modal open width={640} title={t("experiments.form.costs")} onCancel={close} okText={t("common.save")} okButtonProps={{ loading: save.isPending }} onOk={() => save.mutate()}>
      <CostFields plan={experiment.plan} costs={costs} onChange={(next) => next && change(next)} />
    </Modal>
  );
}
