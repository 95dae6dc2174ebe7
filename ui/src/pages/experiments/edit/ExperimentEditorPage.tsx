import { useTranslation } from "react-i18next";
import { useLocation, useParams } from "react-router";
import { Alert } from "antd";
import { Failure } from "@/components/Failure";
import { PageFrame } from "@/components/page";
import { Waiting } from "@/components/Waiting";
import { useExperiment } from "../common/queries";
import type { Plan } from "../common/types";
import { ExperimentForm } from "./ExperimentForm";
import { freshPlan } from "./making";
import "../experiments.css";

export interface Begun {
  name: string;
  hypothesis: string;
  plan: Plan;
}

/** A new experiment, one copied from another, or a draft to change. */
export function ExperimentEditorPage() {
  const { t } = useTranslation();
  const { experimentId } = useParams();
  const copied = (useLocation().state as Begun | null) ?? null;
  const experiment = useExperiment(experimentId);
  if (experimentId === undefined) return <ExperimentForm key="new" begun={copied ?? { name: "", hypothesis: "", plan: freshPlan() }} />;
  if (experiment.error) return <Failure error={experiment.error} retry={() => void experiment.refetch()} />;
  if (!experiment.data) return <Waiting />;
  if (experiment.data.status !== "draft") {
    return (
      <PageFrame title={experiment.data.name}>
        <Alert type="info" showIcon title={t("experiments.form.fixedNow")} />
      </PageFrame>
    );
  }
  return <ExperimentForm key={experimentId} begun={experiment.data} experimentId={experimentId} />;
}
