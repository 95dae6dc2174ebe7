import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Card } from "antd";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { useMay, useProject } from "@/session/session";
import type { Experiment } from "../common/types";
import { BanditCard } from "./BanditCard";
import { Exposing } from "./Exposing";
import { ReadingView } from "./ReadingView";
import { ReturnsCard } from "./ReturnsCard";
import { useRead } from "./useReadNow";

/** What the experiment shows by its last reading: the verdict first. */
export function ReadingTab({ experiment }: { experiment: Experiment }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const may = useMay("edit_insights");
  const read = useRead(experiment.id);
  const looks = useQuery({
    queryKey: ["looks", project_id, experiment.id, "last"],
    queryFn: async () => (await taken(api.GET("/api/projects/{project_id}/experiments/{experiment_id}/looks", { params: { path: { project_id, experiment_id: experiment.id }, query: { limit: 1 } } }))).items,
  });
  if (looks.isPending) return <Waiting />;
  if (looks.error) return <Failure error={looks.error} retry={() => void looks.refetch()} />;
  const look = looks.data[0];
  const now = may && (
    <Button type="primary" loading={read.isPending} onClick={() => read.mutate()}>
      {t("experiments.one.read")}
    </Button>
  );
  return (
    <div className="stack" style={{ gap: 16 }}>
      {experiment.decision && <Alert type="success" showIcon title={t("experiments.one.decidedBy", { name: experiment.decision.by.name, variant: experiment.decision.variant })} description={experiment.decision.reason || undefined} />}
      <Exposing experiment={experiment} />
      {look ? (
        <>
          <ReadingView reading={look.reading} experiment={experiment} />
          <ReturnsCard experiment={experiment} reading={look.reading} />
        </>
      ) : (
        <Card>
          <Empty title={t("experiments.one.noReading")} hint={t("experiments.one.noReadingHint")} action={now} />
        </Card>
      )}
      {experiment.plan.bandit && <BanditCard experiment={experiment} />}
    </div>
  );
}
