import { useQuery } from "@tanstack/react-query";
import { Card, InputNumber, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LinkButton } from "@/components/LinkButton";
import { api, ApiError, taken } from "@/api/client";
import { Failure } from "@/components/Failure";
import { useProject } from "@/session/session";
import { Going } from "../preflight/PreflightTab";
import { addressOf, placeOf } from "../shared/mending";
import type { Campaign, Rehearsal } from "../shared/types";
import { useCampaignFigures } from "../shared/words";
import { Outcomes } from "./Outcomes";
import { useRehearsalWords } from "./words";

// A first look at few outcomes, then all of them.
const STAGES = [300, 3_000, 10_000] as const;
const DOUBTS = [0.25, 0.5, 1] as const;

/** The plan played through on simulated people, before anything is spent. */
export function RehearsalTab({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const { currency } = useProject();
  const { number } = useCampaignFigures();
  const [doubt, setDoubt] = useState(0.5);
  const [cost, setCost] = useState<number | null>(null);
  const played = usePlayed(campaign, doubt, cost);
  if (played.error) return <Impossible campaign={campaign} error={played.error} retry={played.again} />;
  return (
    <div className="stack" style={{ gap: 16 }}>
      <Card size="small">
        <div className="row" style={{ gap: 24, alignItems: "flex-start" }}>
          <div className="labelled">
            <span id="rehearsal-doubt">{t("campaigns.rehearsal.doubt")}</span>
            <Segmented<number> aria-labelledby="rehearsal-doubt" value={doubt} onChange={setDoubt} options={DOUBTS.map((value) => ({ value, label: t(`campaigns.rehearsal.doubts.${value === 0.25 ? "little" : value === 0.5 ? "some" : "much"}`) }))} />
          </div>
          <div className="labelled">
            <label htmlFor="rehearsal-cost">{t("campaigns.rehearsal.costEach")}</label>
            <InputNumber id="rehearsal-cost" min={0} step={0.01} suffix={currency} style={{ width: 160 }} placeholder={t("campaigns.rehearsal.byChannels")} value={cost} onChange={setCost} />
          </div>
          <p className="grow" style={{ margin: 0, fontSize: 13, opacity: 0.88, flexBasis: 260 }}>
            {t("campaigns.rehearsal.hint")}
          </p>
        </div>
      </Card>
      {played.found ? (
        <>
          <span role="status" data-testid="runs">
            {t(played.done ? "campaigns.rehearsal.played" : "campaigns.rehearsal.playing", { runs: number(played.found.runs), all: number(STAGES.at(-1)) })}
          </span>
          <Verdict campaign={campaign} found={played.found} />
          <Outcomes found={played.found} />
        </>
      ) : (
        <Going words={t("campaigns.rehearsal.going")} />
      )}
    </div>
  );
}

interface Played {
  found: Rehearsal | undefined;
  done: boolean;
  error: unknown;
  again: () => void;
}

/** Asks for ever more outcomes; what is there is shown meanwhile. */
function usePlayed(campaign: Campaign, doubt: number, cost_per_message: number | null): Played {
  const { id: project_id } = useProject();
  const ask = (runs: number) => ({
    queryKey: ["campaign", project_id, campaign.id, "rehearsal", campaign.revision, doubt, cost_per_message, runs],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/campaigns/{campaign_id}/rehearsal", { params: { path: { project_id, campaign_id: campaign.id }, query: { doubt, cost_per_message: cost_per_message ?? undefined, runs } } })),
    staleTime: 60_000,
  });
  const first = useQuery(ask(STAGES[0]));
  const second = useQuery({ ...ask(STAGES[1]), enabled: first.isSuccess });
  const third = useQuery({ ...ask(STAGES[2]), enabled: second.isSuccess });
  return { found: third.data ?? second.data ?? first.data, done: third.isSuccess, error: first.error, again: () => void first.refetch() };
}

/** What can be expected, in sentences. */
function Verdict({ campaign, found }: { campaign: Campaign; found: Rehearsal }) {
  const { t } = useTranslation();
  const { tone, title, sentences } = useRehearsalWords(campaign, found);
  return (
    <div className={`verdict ${tone}`} role="region" aria-label={t("campaigns.rehearsal.verdict")}>
      <h2>{title}</h2>
      <ul className="said">
        {sentences.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
    </div>
  );
}

function Impossible({ campaign, error, retry }: { campaign: Campaign; error: unknown; retry: () => void }) {
  const { t } = useTranslation();
  const { id } = useProject();
  const path = error instanceof ApiError ? error.path : null;
  return (
    <div>
      <Failure error={error} retry={retry} />
      {path && (
        <div style={{ textAlign: "center" }}>
          <LinkButton type="primary" to={addressOf(id, campaign.id, placeOf(path === "plan" ? "plan.outcome" : path))}>
            {t("campaigns.preflight.mend")}
          </LinkButton>
        </div>
      )}
    </div>
  );
}
