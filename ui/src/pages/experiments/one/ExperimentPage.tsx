import { Tabs } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { api, taken } from "@/api/client";
import { Failure } from "@/components/Failure";
import { PageFrame, useUrlState } from "@/components/page";
import { Waiting } from "@/components/Waiting";
import { SubjectPeople } from "@/pages/audiences/common/SubjectPeople";
import { useProject } from "@/session/session";
import { Segmented } from "antd";
import { StatusMark } from "../common/Marks";
import { useExperiment } from "../common/queries";
import type { Experiment } from "../common/types";
import { SizeCalculator } from "../size/SizeCalculator";
import { CourseTab } from "./CourseTab";
import { ReadingTab } from "./ReadingTab";
import { SetupTab } from "./SetupTab";
import { Verbs } from "./Verbs";
import "../experiments.css";

/** Everything about one experiment. */
export function ExperimentPage() {
  const { experimentId } = useParams();
  const experiment = useExperiment(experimentId);
  if (experiment.isPending) return <Waiting />;
  if (experiment.error) return <Failure error={experiment.error} retry={() => void experiment.refetch()} />;
  return <Shown experiment={experiment.data} />;
}

function Shown({ experiment }: { experiment: Experiment }) {
  const { t } = useTranslation();
  const url = useUrlState();
  const begun = experiment.started_at !== null;
  const first = begun ? "reading" : "setup";
  return (
    <PageFrame
      title={experiment.name}
      hint={
        <span className="row" style={{ gap: 6 }}>
          <StatusMark status={experiment.status} />
          <span>{experiment.hypothesis}</span>
        </span>
      }
      extra={<Verbs experiment={experiment} />}
    >
      <Tabs
        destroyOnHidden
        activeKey={url.get("tab") || first}
        onChange={(tab) => url.change({ tab: tab === first ? null : tab })}
        items={[
          ...(begun
            ? [
                { key: "reading", label: t("experiments.one.tabs.reading"), children: <ReadingTab experiment={experiment} /> },
                { key: "course", label: t("experiments.one.tabs.course"), children: <CourseTab experiment={experiment} /> },
              ]
            : []),
          { key: "setup", label: t("experiments.one.tabs.setup"), children: <SetupTab experiment={experiment} /> },
          { key: "size", label: t("experiments.one.tabs.size"), children: <div style={{ maxWidth: 620 }}><SizeCalculator plan={experiment.plan} eligible={experiment.plan.eligible} /></div> },
          ...(begun ? [{ key: "people", label: t("experiments.one.tabs.people"), children: <Entered experiment={experiment} /> }] : []),
        ]}
      />
    </PageFrame>
  );
}

function Entered({ experiment }: { experiment: Experiment }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const [variant, choose] = useState(experiment.plan.variants[0]?.key ?? "");
  return (
    <div className="stack">
      <div>
        <Segmented aria-label={t("experiments.variant")} value={variant} options={experiment.plan.variants.map((each) => each.key)} onChange={choose} />
      </div>
      <SubjectPeople
        key={variant}
        queryKey={["experiment-people", project_id, experiment.id, variant]}
        empty={t("experiments.reading.nobody")}
        read={(cursor) => taken(api.GET("/api/projects/{project_id}/experiments/{experiment_id}/people", { params: { path: { project_id, experiment_id: experiment.id }, query: { variant, cursor, limit: 50 } } }))}
      />
    </div>
  );
}
