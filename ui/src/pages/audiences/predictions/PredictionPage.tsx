import { Alert, Button, Tabs } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "@/api/types";
import { ownHeaders, refusalOf } from "@/api/client";
import { Failure } from "@/components/Failure";
import { EditOutlined, ReloadOutlined } from "@/components/icons";
import { LinkButton } from "@/components/LinkButton";
import { Mark, PageFrame, useUrlState, useWording } from "@/components/page";
import { Waiting } from "@/components/Waiting";
import { addressOf, send } from "@/query/requests";
import { useFigures } from "@/results/figures";
import { useMay, useProject } from "@/session/session";
import { useFailureWords } from "../common/Marks";
import { useSubjectJob } from "../common/useRefresh";
import { DefinitionText } from "../tags/DefinitionText";
import type { PredictionTag } from "../tags/types";
import { ForetoldPeople } from "./ForetoldPeople";
import { PredictionForm } from "./PredictionForm";
import { STATE_TONES } from "./PredictionsPage";
import { RiskFigures } from "./RiskFigures";
import type { Prediction, Refusal } from "./types";
import { ValueFigures } from "./ValueFigures";
import "../audiences.css";

/** A prediction: how good its model is, what it foretells, and of whom. */
export function PredictionPage() {
  const { tagId = "" } = useParams();
  const { id } = useProject();
  const found = useQuery({
    queryKey: ["predictions", id, tagId],
    queryFn: async () => {
      const response = await fetch(addressOf(id, `predictions/${tagId}`), { credentials: "same-origin", headers: ownHeaders() });
      if (!response.ok) throw await refusalOf(response);
      return (await response.json()) as Prediction;
    },
    refetchInterval: ({ state }) => (state.data && (state.data.state === "waiting" || state.data.state === "training") && !state.data.error ? 2000 : false),
  });
  if (found.isPending) return <Waiting />;
  if (found.error) return <Failure error={found.error} retry={() => void found.refetch()} />;
  return <Shown prediction={found.data} />;
}

function Shown({ prediction }: { prediction: Prediction }) {
  const { t } = useTranslation();
  const { id } = useProject();
  const url = useUrlState();
  const words = useWording();
  const failure = useFailureWords();
  const may = useMay("edit_insights");
  const job = useSubjectJob(async () => (await (await send(id, `predictions/${prediction.id}/train`, {})).json()) as Schemas["JobStatus"]);
  const [editing, setEditing] = useState(false);
  const { report, last_run } = prediction;
  const refusal = last_run?.refusal ?? null;
  return (
    <PageFrame
      title={prediction.name}
      hint={
        <span className="row" style={{ gap: 6 }}>
          <Mark tone="quiet">{t(`studies.predictions.kinds.${prediction.kind}`)}</Mark>
          <Mark tone={STATE_TONES[prediction.state]}>{t(`studies.predictions.states.${prediction.state}`)}</Mark>
          <span>{prediction.description}</span>
        </span>
      }
      extra={
        <>
          <LinkButton to={`/p/${id}/tags/${prediction.id}`}>{t("studies.fromTag")}</LinkButton>
          {may && (
            <Button icon={<EditOutlined />} onClick={() => setEditing(true)}>
              {t("studies.predictions.edit")}
            </Button>
          )}
          {may && (
            <Button type="primary" icon={<ReloadOutlined />} loading={job.running} onClick={() => job.start()}>
              {t(job.running ? "studies.predictions.training" : "studies.predictions.train")}
            </Button>
          )}
        </>
      }
    >
      {editing && <PredictionForm prediction={prediction} close={() => setEditing(false)} />}
      {prediction.error && !refusal && <Alert type="error" showIcon title={t("audiences.failed")} description={failure(prediction.error)} />}
      {refusal && <Refused refusal={refusal} older={report && prediction.reported_at ? words.moment(prediction.reported_at, false) : null} />}
      {!report && !refusal && !prediction.error && <Waiting />}
      {report && (
        <Tabs
          destroyOnHidden
          activeKey={url.get("tab") || "report"}
          onChange={(tab) => url.change({ tab: tab === "report" ? null : tab })}
          items={[
            { key: "report", label: t("studies.predictions.report"), children: report.kind === "risk" ? <RiskFigures report={report} /> : <ValueFigures report={report} /> },
            { key: "people", label: t("studies.predictions.peopleTab"), children: <ForetoldPeople prediction={prediction} /> },
            { key: "definition", label: t("tagging.one.tabs.definition"), children: <DefinitionText definition={prediction.definition as PredictionTag} /> },
          ]}
        />
      )}
    </PageFrame>
  );
}

/** Why there is no model, kindly: what there is, what is needed, what to do. */
function Refused({ refusal, older }: { refusal: Refusal; older: string | null }) {
  const { t, i18n } = useTranslation();
  const figures = useFigures();
  const chinese = i18n.language === "zh";
  return (
    <Alert
      type="warning"
      showIcon
      title={t("studies.predictions.refusedTitle")}
      description={
        <div className="stack" style={{ gap: 4 }}>
          <span>{chinese ? refusal.zh : refusal.en}</span>
          {refusal.have !== null && refusal.need !== null && <strong className="figure">{t("studies.predictions.needHave", { have: figures.number(refusal.have), need: figures.number(refusal.need) })}</strong>}
          {(chinese ? refusal.hint_zh : refusal.hint_en) && <span>{chinese ? refusal.hint_zh : refusal.hint_en}</span>}
          {refusal.leaks.length > 0 && (
            <>
              <span>{t("studies.predictions.leaks")}</span>
              <ul style={{ margin: 0 }}>
                {refusal.leaks.map((leak) => (
                  <li key={leak.feature}>
                    <strong>{leak.feature}</strong>: {t(`studies.predictions.leakRules.${leak.rule}`)} ({figures.number(leak.figure)})
                  </li>
                ))}
              </ul>
            </>
          )}
          {older && <span>{t("studies.predictions.older", { at: older })}</span>}
        </div>
      }
    />
  );
}
