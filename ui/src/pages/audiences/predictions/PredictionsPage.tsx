import { Button, Card, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { PlusOutlined } from "@/components/icons";
import { Mark, PageFrame, type Tone } from "@/components/page";
import { useFigures } from "@/results/figures";
import { useMay, useProject } from "@/session/session";
import { LastRefresh } from "../common/Marks";
import { useRead } from "../studies/ask";
import { PredictionForm } from "./PredictionForm";
import type { PredictionSummary } from "./types";
import "../audiences.css";

export const STATE_TONES: Record<PredictionSummary["state"], Tone> = { waiting: "quiet", training: "busy", ready: "good", refused: "care" };

/** What is foretold of people, with how good each model is. */
export function PredictionsPage() {
  const { t } = useTranslation();
  const project = useProject();
  const figures = useFigures();
  const may = useMay("edit_insights");
  const [making, setMaking] = useState(false);
  const found = useRead<{ items: PredictionSummary[] }>("predictions");
  const items = found.data?.items ?? [];
  const create = may && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setMaking(true)}>
      {t("studies.predictions.create")}
    </Button>
  );
  return (
    <PageFrame title={t("studies.predictions.title")} hint={t("studies.predictions.hint")} extra={create}>
      {found.error && <Failure error={found.error} retry={() => void found.refetch()} />}
      {found.data && items.length === 0 && <Empty title={t("studies.predictions.empty")} hint={t("studies.predictions.emptyHint")} action={create} />}
      {items.length > 0 && (
        <Card styles={{ body: { padding: 0 } }}>
          <Table<PredictionSummary>
            size="small"
            rowKey="id"
            dataSource={items}
            pagination={false}
            scroll={{ x: 760 }}
            columns={[
              { title: t("studies.predictions.name"), key: "name", render: (_, each) => <Link to={`/p/${project.id}/predictions/${each.id}`}>{each.name}</Link> },
              { title: t("tagging.kind"), key: "kind", width: 150, render: (_, each) => <Mark tone="quiet">{t(`studies.predictions.kinds.${each.kind}`)}</Mark> },
              { title: t("studies.predictions.report"), key: "state", width: 120, render: (_, each) => <Mark tone={STATE_TONES[each.state]}>{t(`studies.predictions.states.${each.state}`)}</Mark> },
              { title: `${t("studies.predictions.auc")} / ${t("studies.predictions.expected")}`, key: "figure", width: 150, align: "right", render: (_, each) => <span className="figure">{each.auc ? figures.number(each.auc.value) : figures.compact(each.total)}</span> },
              { title: t("studies.people"), key: "people", width: 100, align: "right", render: (_, each) => <span className="figure">{figures.number(each.last_run?.people)}</span> },
              { title: t("audiences.refreshedAt"), key: "at", width: 190, render: (_, each) => <LastRefresh subject={each} /> },
            ]}
          />
        </Card>
      )}
      {making && <PredictionForm close={() => setMaking(false)} />}
    </PageFrame>
  );
}
