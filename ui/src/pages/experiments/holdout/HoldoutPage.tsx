import { useQuery } from "@tanstack/react-query";
import { App, Button, Card } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ApiError, taken } from "@/api/client";
import type { Got } from "@/api/types";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { PageFrame, useAction, useWording } from "@/components/page";
import { Waiting } from "@/components/Waiting";
import { ConditionText } from "@/pages/audiences/conditions/ConditionText";
import type { Condition } from "@/pages/audiences/conditions/types";
import { useFigures } from "@/results/figures";
import { useMay, useProject } from "@/session/session";
import { HoldoutForm } from "./HoldoutForm";
import { ShownCard } from "./ShownCard";
import "../experiments.css";

export type Holdout = Got<"/api/projects/{project_id}/holdout">;

/** Who is held out of everything, and what that has shown. */
export function HoldoutPage() {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const { modal } = App.useApp();
  const may = useMay("manage_project");
  const [editing, edit] = useState(false);
  const holdout = useQuery({
    queryKey: ["holdout", project_id],
    // That there is none is an answer.
    queryFn: async () => {
      try {
        return await taken(api.GET("/api/projects/{project_id}/holdout", { params: { path: { project_id } } }));
      } catch (error) {
        if (error instanceof ApiError && error.code === "holdout_not_found") return null;
        throw error;
      }
    },
  });
  const stop = useAction(() => api.DELETE("/api/projects/{project_id}/holdout", { params: { path: { project_id } } }), { done: t("holdout.stopped"), refresh: [["holdout", project_id], ["holdout-size", project_id]] });
  if (holdout.isPending) return <Waiting />;
  if (holdout.error) return <Failure error={holdout.error} retry={() => void holdout.refetch()} />;
  const set = may && (
    <Button type="primary" onClick={() => edit(true)}>
      {t("holdout.set")}
    </Button>
  );
  const verbs = may && holdout.data && (
    <>
      <Button danger type="text" loading={stop.isPending} onClick={() => void modal.confirm({ title: t("holdout.stopConfirm"), okText: t("holdout.stop"), okButtonProps: { danger: true }, onOk: () => stop.mutate() })}>
        {t("holdout.stop")}
      </Button>
      <Button onClick={() => edit(true)}>{t("holdout.change")}</Button>
    </>
  );
  return (
    <PageFrame title={t("holdout.title")} hint={t("holdout.hint")} extra={verbs}>
      {!holdout.data && (
        <Card>
          <Empty title={t("holdout.none")} hint={t("holdout.noneHint")} action={set} />
        </Card>
      )}
      {holdout.data && (
        <>
          <Summary holdout={holdout.data} />
          <ShownCard holdout={holdout.data} />
        </>
      )}
      {editing && <HoldoutForm holdout={holdout.data ?? null} close={() => edit(false)} />}
    </PageFrame>
  );
}

function Summary({ holdout }: { holdout: Holdout }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { id: project_id, time_zone } = useProject();
  const words = useWording(time_zone);
  const size = useQuery({
    queryKey: ["holdout-size", project_id, holdout.updated_at],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/holdout/size", { params: { path: { project_id } } })),
  });
  const share = size.data?.of ? size.data.people / size.data.of : holdout.percent / 100;
  return (
    <div className="two-columns">
      <Card size="small" title={t("holdout.held")}>
        <div className="stack" style={{ gap: 6 }}>
          <div className="figure" data-testid="held" style={{ fontSize: 34, fontWeight: 650, lineHeight: 1.1 }}>
            {size.data ? figures.number(size.data.people) : "…"}
          </div>
          <div className="share-bar" role="img" aria-label={figures.percent(share)}>
            <div style={{ width: `${share * 100}%` }} />
          </div>
          {size.data && <span className="figure">{t("holdout.ofAll", { of: figures.number(size.data.of), share: figures.percent(share) })}</span>}
        </div>
      </Card>
      <Card size="small" title={t("holdout.size")}>
        <dl className="setup-list">
          <dt>{t("holdout.percent")}</dt>
          <dd className="figure">{holdout.percent}%</dd>
          <dt>{t("holdout.rotation")}</dt>
          <dd>{holdout.rotation_days ? t("holdout.rotationDays", { count: holdout.rotation_days }) : t("holdout.never")}</dd>
          <dt>{t("holdout.round", { round: holdout.round + 1 })}</dt>
          <dd>
            {t("holdout.since", { at: words.moment(holdout.started_at, false) })}
            {holdout.next_round_at && ` · ${t("holdout.next", { at: words.moment(holdout.next_round_at, false) })}`}
          </dd>
          <dt>{t("holdout.excluded")}</dt>
          <dd>{holdout.excluded ? <ConditionText condition={holdout.excluded as unknown as Condition} /> : t("holdout.nobody")}</dd>
        </dl>
      </Card>
    </div>
  );
}
