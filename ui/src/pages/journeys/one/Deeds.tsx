import { App, Button, Drawer, Segmented, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { LoadMore, Mark, Moment, useAction, usePages } from "@/components/page";
import { nameOf } from "@/pages/people/naming";
import { useMay, useProject } from "@/session/session";
import type { Deed, Journey } from "../common/types";
import { useSummary } from "../common/useSummary";
import { Who } from "./PassageTable";

const STATES = ["failed", "uncertain", "waiting"] as const;
type State = (typeof STATES)[number];
type Decision = "retry" | "happened" | "give_up";
const DECISIONS: Record<State, readonly Decision[]> = { failed: ["retry", "give_up"], uncertain: ["happened", "retry", "give_up"], waiting: [] };
// As many as one request takes.
const MOST_CHOSEN = 1_000;

/** What was not done about whom and why; whoever may run journeys decides, one by one or several at once. */
export function Deeds({ journey, begun, close }: { journey: Journey; begun: State; close: () => void }) {
  const { t, i18n } = useTranslation();
  const { id: project_id } = useProject();
  const words = useSummary();
  const may = useMay("edit_data");
  const [state, setState] = useState<State>(begun);
  const [chosen, choose] = useState<number[]>([]);
  const decide = useDecision(journey, () => choose([]));
  const list = usePages(["journeys", project_id, "deeds", journey.id, state], (cursor) => taken(api.GET("/api/projects/{project_id}/journeys/{journey_id}/deeds", { params: { path: { project_id, journey_id: journey.id }, query: { state, cursor, limit: 100 } } })));
  const decidable = may && state !== "waiting";
  const buttons = (ids: number[], of?: string) =>
    DECISIONS[state].map((decision) => (
      <Button key={decision} size="small" disabled={!ids.length} aria-label={of && `${t(`journeys.deeds.decisions.${decision}`)}: ${of}`} onClick={() => decide(decision, ids)}>
        {t(`journeys.deeds.decisions.${decision}`)}
      </Button>
    ));
  return (
    <Drawer open size={1040} title={t("journeys.deeds.title")} onClose={close}>
      <div className="stack">
        <Segmented
          aria-label={t("journeys.state")}
          value={state}
          onChange={(to) => {
            setState(to);
            choose([]);
          }}
          options={STATES.map((value) => ({ value, label: t(`journeys.deeds.states.${value}`) }))}
        />
        <span>{t(`journeys.deeds.hints.${state}`)}</span>
        {decidable && list.items.length > 0 && (
          <div className="row" role="toolbar" aria-label={t("journeys.deeds.decideAll")}>
            <span>{t("journeys.deeds.chosen", { count: chosen.length })}</span>
            {buttons(chosen)}
          </div>
        )}
        {list.error ? (
          <Failure error={list.error} retry={() => void list.refetch()} />
        ) : !list.isPending && !list.items.length ? (
          <Empty title={t("journeys.deeds.none")} />
        ) : (
          <Table<Deed>
            size="small"
            rowKey="id"
            loading={list.isPending}
            dataSource={list.items}
            pagination={false}
            scroll={{ x: 860 }}
            rowSelection={decidable ? { selectedRowKeys: chosen, onChange: (keys) => choose((keys as number[]).slice(0, MOST_CHOSEN)) } : undefined}
            columns={[
              { title: t("journeys.people.person"), key: "person", width: 190, render: (_, deed) => <Who person={deed.person} id={deed.person_id} /> },
              { title: t("journeys.node"), key: "node", width: 130, render: (_, deed) => words.title(journey.draft, deed.node) },
              { title: t("journeys.deeds.reason"), key: "reason", render: (_, deed) => (i18n.language === "zh" ? deed.reason_zh : null) ?? deed.reason ?? "" },
              { title: t("journeys.deeds.attempts"), dataIndex: "attempts", width: 70, align: "right" },
              state === "waiting"
                ? { title: t("journeys.deeds.next"), key: "due", width: 150, render: (_, deed) => (journey.state === "paused" ? <Mark tone="quiet">{t("journeys.states.paused")}</Mark> : <Moment at={deed.due_ms} />) }
                : { title: t("journeys.deeds.since"), key: "at", width: 150, render: (_, deed) => <Moment at={deed.at_ms} /> },
              ...(decidable ? [{ title: t("common.actions"), key: "verbs", width: 250, render: (_: unknown, deed: Deed) => <span className="row" style={{ gap: 6 }}>{buttons([deed.id], deed.person ? nameOf(deed.person) : deed.person_id)}</span> }] : []),
            ]}
          />
        )}
        <LoadMore list={list} />
      </div>
    </Drawer>
  );
}

/** Asks before what cannot be taken back: leaving it, and trying again what may have happened. */
function useDecision(journey: Journey, done: () => void) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const { id: project_id } = useProject();
  const resolve = useAction(
    ({ decision, ids }: { decision: Decision; ids: number[] }) => taken(api.POST("/api/projects/{project_id}/journeys/{journey_id}/deeds/resolve", { params: { path: { project_id, journey_id: journey.id } }, body: { decision, deed_ids: ids } })),
    { done: (answer) => t("journeys.deeds.decided", { count: answer.changed }), refresh: [["journeys", project_id]], onDone: done },
  );
  return (decision: Decision, ids: number[]) => {
    if (decision === "retry") return resolve.mutate({ decision, ids });
    void modal.confirm({
      title: t(`journeys.deeds.sure.${decision}`, { count: ids.length }),
      content: t(`journeys.deeds.sureHint.${decision}`),
      okText: t(`journeys.deeds.decisions.${decision}`),
      onOk: () => resolve.mutateAsync({ decision, ids }),
    });
  };
}
