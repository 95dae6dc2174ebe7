import { useQuery } from "@tanstack/react-query";
import { Alert, Card, Progress as Bar } from "antd";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { useFigures } from "@/results/figures";
import { useProject } from "@/session/session";
import { type Campaign, GLOBAL, HOLDOUT, type Progress } from "../shared/types";
import { useSaid } from "../shared/words";

const PHASES = ["fix", "hold_out", "hand_over", "done"] as const;

/** How far the sending of a running campaign is. */
export function ProgressCard({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const said = useSaid();
  const progress = useQuery({
    queryKey: ["campaign", project_id, campaign.id, "progress"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/campaigns/{campaign_id}/progress", { params: { path: { project_id, campaign_id: campaign.id } } })),
    refetchInterval: ({ state }) => (campaign.status === "running" && !(state.data && settled(state.data)) ? 1_500 : 15_000),
  });
  if (!progress.data) return null;
  const { phase, error } = progress.data;
  const at = PHASES.find((each) => each === phase) ?? "fix";
  return (
    <Card size="small" title={t(`campaigns.progress.phases.${at}`)}>
      <Sent progress={progress.data} />
      {error && <Alert style={{ marginTop: 8 }} type="error" showIcon title={said(error as { en: string; zh: string })} />}
    </Card>
  );
}

function Sent({ progress }: { progress: Progress }) {
  const { t } = useTranslation();
  const { number, percent } = useFigures();
  const all = Object.values(progress.messages).reduce((sum, each) => sum + each, 0);
  const done = all - unsettled(progress.messages);
  const share = all ? done / all : 0;
  const held = (progress.arms[HOLDOUT] ?? 0) + (progress.arms[GLOBAL] ?? 0);
  const people = Object.values(progress.arms).reduce((sum, each) => sum + each, 0);
  return (
    <div className="stack" style={{ gap: 6 }}>
      <span>{t("campaigns.progress.people", { count: people, people: number(people), held: number(held) })}</span>
      <div role="progressbar" aria-label={t("campaigns.progress.messages")} aria-valuenow={Math.round(100 * share)} aria-valuemin={0} aria-valuemax={100}>
        <Bar percent={Math.round(100 * share)} showInfo={false} aria-hidden />
      </div>
      <span className="figure">
        {t("campaigns.progress.sent", { done: number(done), all: number(all), share: percent(share) })}
        {Object.entries(progress.messages).map(([state, count]) => (
          <span key={state} style={{ marginInlineStart: 12 }}>
            {t(`campaigns.messageStates.${state as "sent"}`, { defaultValue: state })} {number(count)}
          </span>
        ))}
      </span>
    </div>
  );
}

function unsettled(messages: Progress["messages"]): number {
  return (messages.queued ?? 0) + (messages.claimed ?? 0) + (messages.sending ?? 0) + (messages.held ?? 0);
}

function settled(progress: Progress): boolean {
  return progress.phase === "done" && unsettled(progress.messages) === 0;
}
