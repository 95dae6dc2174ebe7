import { Alert, App, Button, Card, ConfigProvider, theme } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Location } from "react-router";
import { api, ApiError, taken } from "@/api/client";
import { useAction, useLeaving, useMeanwhile, useUrlState } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import { type Section, SECTIONS, sectionOf } from "../shared/mending";
import type { Campaign, Plan } from "../shared/types";
import { GoalSection } from "./GoalSection";
import { HypothesisSection } from "./HypothesisSection";
import { MessagesSection } from "./MessagesSection";
import { MoneySection } from "./MoneySection";
import { PeopleSection } from "./PeopleSection";
import { PlanContext } from "./PlanContext";
import { TimeSection } from "./TimeSection";
import { VariantsSection } from "./VariantsSection";

const PARTS: Record<Section, () => React.ReactNode> = {
  goal: GoalSection,
  hypothesis: HypothesisSection,
  people: PeopleSection,
  variants: VariantsSection,
  messages: MessagesSection,
  money: MoneySection,
  time: TimeSection,
};

/** A changed plan, and the revision that its changes started from. */
interface Held {
  plan: Plan;
  revision: number;
}
type Hold = React.Dispatch<React.SetStateAction<Held | null>>;

/** The plan of a campaign, section by section; changed together and saved whole. */
export function PlanTab({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const may = useMay("edit_insights");
  const [held, hold] = useState<Held | null>(null);
  const [refused, refuse] = useState<ApiError | null>(null);
  const save = useSave(campaign, refuse, hold);
  const fixed = campaign.status !== "draft";
  const plan = held?.plan ?? campaign.plan;
  const change = (changes: Partial<Plan>) => hold({ plan: { ...plan, ...changes }, revision: held?.revision ?? campaign.revision });
  useLeaving(held !== null, otherTab);
  return (
    <PlanContext value={{ campaign, plan, change, refused, fixed: fixed || !may }}>
      {fixed && may && <Alert style={{ marginBottom: 12 }} type="info" showIcon title={t("campaigns.plan.fixed", { status: t(`campaigns.statuses.${campaign.status}`) })} description={campaign.status === "review" ? t("campaigns.plan.withdrawHint") : campaign.status === "scheduled" ? t("campaigns.plan.unscheduleHint") : undefined} />}
      <div className="plan-columns">
        <Contents />
        <div className="stack plan-sections" style={{ gap: 16 }}>
          <ConfigProvider componentDisabled={fixed || !may}>
            {SECTIONS.map((each) => (
              <PlanCard key={each} section={each} Part={PARTS[each]} refused={refused} />
            ))}
          </ConfigProvider>
          {held && <SaveBar saving={save.isPending} refused={refused} save={() => save.mutate(held)} discard={() => (hold(null), refuse(null))} />}
        </div>
      </div>
    </PlanContext>
  );
}

function PlanCard({ section, Part, refused }: { section: Section; Part: () => React.ReactNode; refused: ApiError | null }) {
  const { t } = useTranslation();
  const faulty = sectionOf(refused?.path) === section;
  return (
    <section id={`plan-${section}`} aria-label={t(`campaigns.plan.sections.${section}`)}>
      <Card size="small" title={t(`campaigns.plan.sections.${section}`)}>
        {faulty && refused && <Alert role="alert" style={{ marginBottom: 12 }} type="error" showIcon title={refused.message} description={refused.hint ?? undefined} />}
        <Part />
      </Card>
    </section>
  );
}

/** The sections, to go to one; and the one that the address asks for. */
function Contents() {
  const { t } = useTranslation();
  const url = useUrlState();
  const at = url.get("at");
  useEffect(() => {
    if (at) document.getElementById(`plan-${at}`)?.scrollIntoView({ block: "start" });
  }, [at]);
  return (
    <nav aria-label={t("campaigns.plan.contents")}>
      <ol>
        {SECTIONS.map((each) => (
          <li key={each}>
            <button
              type="button"
              aria-current={at === each ? "true" : undefined}
              onClick={() => {
                url.change({ at: each });
                document.getElementById(`plan-${each}`)?.scrollIntoView({ block: "start" });
              }}
            >
              {t(`campaigns.plan.sections.${each}`)}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function SaveBar({ saving, refused, save, discard }: { saving: boolean; refused: ApiError | null; save: () => void; discard: () => void }) {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const elsewhere = refused && !sectionOf(refused.path);
  return (
    <div className="save-bar" style={{ background: token.colorBgElevated }}>
      <span role="status">{elsewhere ? refused.message : t("campaigns.plan.unsaved")}</span>
      <span className="row">
        <Button disabled={saving} onClick={discard}>
          {t("campaigns.plan.discard")}
        </Button>
        <Button type="primary" loading={saving} onClick={save}>
          {t("campaigns.plan.save")}
        </Button>
      </span>
    </div>
  );
}

function useSave(campaign: Campaign, refuse: (error: ApiError | null) => void, hold: Hold) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { id: project_id } = useProject();
  const params = { path: { project_id, campaign_id: campaign.id } };
  const meanwhile = useMeanwhile({
    latest: () => taken(api.GET("/api/projects/{project_id}/campaigns/{campaign_id}", { params })),
    take: () => (hold(null), refuse(null)),
  });
  return useAction(
    async ({ plan, revision: read }: Held) => {
      try {
        return await meanwhile(read, (revision) => taken(api.PATCH("/api/projects/{project_id}/campaigns/{campaign_id}", { params, body: { plan: plan as never, revision } })));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        refuse(asPlan(error));
        void message.error(error.message, 6);
        return null;
      }
    },
    {
      refresh: [["campaigns", project_id], ["campaign", project_id, campaign.id]],
      onDone: (answer, sent) => {
        if (!answer) return;
        refuse(null);
        // What was changed while it was saved is still to be saved.
        hold((now) => (now === null || now.plan === sent.plan ? null : { plan: now.plan, revision: answer.revision }));
        void message.success(t("common.saved"));
      },
    },
  );
}

/** A body's path begins with the name of the plan in some answers, and not in others. */
function asPlan(error: ApiError): ApiError {
  if (!error.path || error.path.startsWith("plan")) return error;
  return new ApiError(error.status, error.code, error.message, `plan.${error.path}`, error.hint);
}

function otherTab(from: Location, to: Location): boolean {
  const tab = ({ search }: Location) => new URLSearchParams(search).get("tab") ?? "plan";
  return from.pathname !== to.pathname || tab(from) !== tab(to);
}
