import { Alert, Tabs } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { api, taken } from "@/api/client";
import { Failure } from "@/components/Failure";
import { PageFrame, useAction, useLeaving, useMeanwhile, useUrlState } from "@/components/page";
import { Waiting } from "@/components/Waiting";
import { useSettled } from "@/pages/audiences/conditions/useEstimate";
import { useMay, useProject } from "@/session/session";
import { isWhole, useCheck, useCounts, useJourney } from "../common/queries";
import { StateMark } from "../common/StateMark";
import type { Definition, Journey } from "../common/types";
import { Editor } from "../editor/Editor";
import { figuresOf } from "../editor/graph";
import { useHistory } from "../editor/useHistory";
import { CountsBar } from "./CountsBar";
import { Faults } from "./Faults";
import { PeopleDrawer } from "./PassageTable";
import { PeopleTab } from "./PeopleTab";
import { RehearsalTab } from "./RehearsalTab";
import { Verbs } from "./Verbs";
import { VersionsTab } from "./VersionsTab";
import { YamlTab } from "./YamlTab";
import "../journeys.css";

/** One journey: its picture and YAML, who is in it, what would have been, and its versions. */
export function JourneyPage() {
  const { journeyId = "" } = useParams();
  const journey = useJourney(journeyId);
  if (journey.isPending) return <Waiting />;
  if (journey.error) return <Failure error={journey.error} retry={() => void journey.refetch()} />;
  return <Shown key={journeyId} journey={journey.data} />;
}

/** Changes of a definition that are not kept yet. */
export interface Draft {
  definition: Definition;
  dirty: boolean;
  /** That of what was kept last. */
  revision: number;
  /** Keeps it; what was kept is given to `after`. */
  save: (after?: () => void) => void;
  saving: boolean;
  /** A YAML text that cannot be drawn yet. */
  unread: string | null;
  setUnread: (text: string | null) => void;
  /** The page is left without a question. */
  forget: () => void;
}

function Shown({ journey }: { journey: Journey }) {
  const { t } = useTranslation();
  const url = useUrlState();
  const mayEdit = useMay("edit_insights");
  const history = useHistory<Definition>(journey.draft);
  const definition = history.present;
  const settled = useSettled(definition);
  const check = useCheck({ definition: settled });
  const draft = useDraft(journey, history);
  const counts = useCounts(journey);
  const [node, showPeople] = useState<string | null>(null);
  const problems = check.data?.problems ?? [];
  return (
    <PageFrame
      title={journey.name}
      hint={
        <span className="row" style={{ gap: 6 }}>
          <StateMark state={journey.state} />
          {journey.version > 0 && <span>{t("journeys.versionNumber", { number: journey.version })}</span>}
          <span>{journey.description}</span>
          {draft.dirty && <span role="status">{t("journeys.unsaved")}</span>}
        </span>
      }
      extra={<Verbs journey={journey} draft={draft} whole={isWhole(check.data)} problems={problems} />}
    >
      {check.error && <Alert type="warning" showIcon title={t("journeys.checkFailed")} />}
      <Faults journey={journey} counts={counts.data} />
      {counts.data && <CountsBar counts={counts.data} hasGoal={Boolean(journey.draft.goal)} />}
      <Tabs
        destroyOnHidden
        activeKey={url.get("tab") || "graph"}
        onChange={(key) => url.change({ tab: key === "graph" ? null : key })}
        items={[
          { key: "graph", label: t("journeys.tabs.graph"), children: <Editor definition={definition} change={history.change} history={history} problems={problems} figures={counts.data ? figuresOf(counts.data) : null} people={showPeople} mayEdit={mayEdit} /> },
          { key: "yaml", label: t("journeys.tabs.yaml"), children: <YamlTab draft={draft} change={history.change} mayEdit={mayEdit} /> },
          { key: "rehearsal", label: t("journeys.tabs.rehearsal"), children: <RehearsalTab definition={definition} whole={isWhole(check.data)} /> },
          { key: "people", label: t("journeys.tabs.people"), children: <PeopleTab journey={journey} /> },
          { key: "versions", label: t("journeys.tabs.versions"), children: <VersionsTab journey={journey} restore={history.change} mayEdit={mayEdit} /> },
        ]}
      />
      {node !== null && <PeopleDrawer journey={journey} node={node} close={() => showPeople(null)} />}
    </PageFrame>
  );
}

function useDraft(journey: Journey, { present: definition, change }: Pick<ReturnType<typeof useHistory<Definition>>, "present" | "change">): Draft {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const [kept, keep] = useState(() => keptOf(journey));
  const [unread, setUnread] = useState<string | null>(null);
  const text = JSON.stringify(definition);
  const dirty = text !== kept.text || unread !== null;
  const params = { path: { project_id, journey_id: journey.id } };
  // What was drawn before is one step back.
  const take = (theirs: Journey) => {
    change(theirs.draft);
    setUnread(null);
    keep(keptOf(theirs));
  };
  if (!dirty && journey.revision > kept.revision) take(journey);
  const meanwhile = useMeanwhile<Journey>({ latest: async () => (await taken(api.GET("/api/projects/{project_id}/journeys/{journey_id}", { params }))) as unknown as Journey, take });
  const save = useAction<(() => void) | undefined, { text: string; revision: number } | null>(
    async () => {
      // It is kept as it is, finished or not; the server says what it still lacks when it is published.
      const saved = await meanwhile(kept.revision, (revision) => taken(api.PATCH("/api/projects/{project_id}/journeys/{journey_id}", { params, body: { unfinished: definition as never, revision } })));
      return saved && { text, revision: saved.revision };
    },
    {
      done: (saved, after) => (after || !saved ? "" : t("common.saved")),
      refresh: [["journeys", project_id, "one", journey.id], ["journeys", project_id, "list"]],
      onDone: (saved, after) => {
        if (!saved) return;
        keep(saved);
        after?.();
      },
    },
  );
  const forget = useLeaving(dirty);
  return { definition, dirty, revision: kept.revision, save: (after) => save.mutate(after), saving: save.isPending, unread, setUnread, forget };
}

function keptOf(journey: Journey) {
  return { text: JSON.stringify(journey.draft), revision: journey.revision };
}
