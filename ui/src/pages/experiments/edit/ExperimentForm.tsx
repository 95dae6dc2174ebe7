import { App, Button, Card, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, ApiError, taken } from "@/api/client";
import { LinkButton } from "@/components/LinkButton";
import { PageFrame, useAction } from "@/components/page";
import { useReady } from "@/pages/audiences/conditions/ConditionBuilder";
import { useProject } from "@/session/session";
import { SizeCalculator } from "../size/SizeCalculator";
import type { Plan } from "../common/types";
import { BanditFields } from "./BanditFields";
import { CostFields } from "./CostFields";
import type { Begun } from "./ExperimentEditorPage";
import { isFinished, tidied } from "./making";
import { Field } from "./MetricEditor";
import { MetricsCard } from "./MetricsCard";
import { ReadingFields } from "./ReadingFields";
import { VariantsCard } from "./VariantsCard";
import { NOBODY, WhoCard } from "./WhoCard";

/** Everything that is declared before anybody enters, with how many people it takes. */
export function ExperimentForm({ begun, experimentId }: { begun: Begun; experimentId?: string }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { id } = useProject();
  const [held, hold] = useState(begun);
  const [tried, setTried] = useState(false);
  const { plan } = held;
  const set = (change: Partial<Plan>) => hold((before) => ({ ...before, plan: { ...before.plan, ...change } }));
  const ready = useReady(plan.eligible ?? NOBODY);
  const save = useSave(experimentId);
  const refused = save.error instanceof ApiError ? save.error : null;
  const submit = () => {
    setTried(true);
    if (!held.name.trim()) return void message.warning(`${t("experiments.form.name")}: ${t("experiments.form.required")}`);
    const keys = plan.variants.map((each) => each.key.trim());
    if (new Set(keys).size < keys.length || keys.some((key) => !key)) return void message.warning(t("experiments.form.duplicate"));
    if (!plan.metrics.some((each) => each.role === "primary")) return void message.warning(t("experiments.form.noPrimary"));
    const open = plan.metrics.find((each) => !each.name.trim() || !isFinished(each.measure));
    if (open) return void message.warning(t("experiments.form.metricNeeds", { name: open.name || "…" }));
    if (plan.eligible && (!ready.condition || ready.unfinished.length)) return void message.warning(t("audiences.editor.fillFirst"));
    save.mutate({ name: held.name.trim(), hypothesis: held.hypothesis, plan: tidied({ ...plan, eligible: plan.eligible && ready.condition }) });
  };
  return (
    <PageFrame
      title={t(experimentId ? "experiments.form.editTitle" : "experiments.form.newTitle")}
      extra={
        <>
          <LinkButton to={experimentId ? `/p/${id}/experiments/${experimentId}` : `/p/${id}/experiments`}>{t("common.cancel")}</LinkButton>
          <Button type="primary" loading={save.isPending} onClick={submit}>
            {t("common.save")}
          </Button>
        </>
      }
    >
      <div className="editor-columns">
        <div className="stack" style={{ gap: 16, minWidth: 0 }}>
          <Card size="small" title={t("experiments.form.basics")}>
            <div className="stack">
              <Field label={t("experiments.form.name")}>{(field) => <Input id={field} maxLength={200} value={held.name} autoFocus={!experimentId} status={tried && !held.name.trim() ? "error" : undefined} onChange={(event) => hold({ ...held, name: event.target.value })} />}</Field>
              <Field label={t("experiments.form.hypothesis")} hint={t("experiments.form.hypothesisHint")}>
                {(field) => <Input.TextArea id={field} maxLength={2000} autoSize={{ minRows: 2, maxRows: 6 }} value={held.hypothesis} onChange={(event) => hold({ ...held, hypothesis: event.target.value })} />}
              </Field>
            </div>
          </Card>
          <VariantsCard plan={plan} set={set} />
          <MetricsCard plan={plan} set={set} tried={tried} refused={refused} />
          <WhoCard plan={plan} set={set} ready={ready} error={refused} />
          <Card size="small" title={t("experiments.form.reading")}>
            <div className="stack" style={{ gap: 16 }}>
              <ReadingFields plan={plan} set={set} />
              <BanditFields plan={plan} set={set} />
              <CostFields plan={plan} costs={plan.costs} onChange={(costs) => set({ costs })} />
            </div>
          </Card>
        </div>
        <aside style={{ minWidth: 0 }}>
          <SizeCalculator plan={plan} eligible={ready.condition} />
        </aside>
      </div>
    </PageFrame>
  );
}

function useSave(experiment_id: string | undefined) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const navigate = useNavigate();
  return useAction(
    (given: Begun) => {
      if (experiment_id) return taken(api.PATCH("/api/projects/{project_id}/experiments/{experiment_id}", { params: { path: { project_id, experiment_id } }, body: given as never }));
      return taken(api.POST("/api/projects/{project_id}/experiments", { params: { path: { project_id } }, body: given as never }));
    },
    {
      done: t("experiments.form.saved"),
      refresh: [["experiments", project_id], ["layers", project_id]],
      onDone: (made) => void navigate(`/p/${project_id}/experiments/${made.id}`),
    },
  );
}
