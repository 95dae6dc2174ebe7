import { Card, Segmented, Select, Splitter } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/Failure";
import { type Behind, PeopleDrawer } from "@/components/PeopleDrawer";
import { PeriodPicker } from "@/components/query/PeriodPicker";
import { Waiting } from "@/components/Waiting";
import { useEvents } from "@/query/catalog";
import { useAnswer } from "@/query/run";
import { asKind, LAST_30_DAYS, withAllRegions } from "@/query/starting";
import { type Kind, KINDS, type Query } from "@/query/types";
import { ResultView } from "@/results/ResultView";
import { chartsOf, type Result } from "@/results/types";
import { AnswerFoot } from "./AnswerFoot";
import { QueryForm } from "./forms/QueryForm";
import { useInsightDraft } from "./draft";
import { InsightBar } from "./InsightBar";
import { TargetLines } from "./TargetLines";
import { Notes, useNotes } from "./Notes";

/** The one explorer for every analysis: the question left, the answer right. */
export function ExplorerPage() {
  const draft = useInsightDraft();
  if (draft.error) return <Failure error={draft.error} />;
  if (draft.query === null) return <Waiting />;
  return <Explorer draft={{ ...draft, query: draft.query }} />;
}

function Explorer({ draft }: { draft: ReturnType<typeof useInsightDraft> & { query: Query } }) {
  const { t } = useTranslation();
  const { query, chart, setQuery } = draft;
  const events = useEvents();
  const answer = useAnswer(query);
  const notes = useNotes();
  const [behind, setBehind] = useState<Behind | null>(null);
  const names = events.map((event) => event.name);
  const charts = chartsOf(query, answer.data?.result ?? null);
  const shown = chart && charts.includes(chart) ? chart : (charts[0] ?? null);
  return (
    <div style={{ display: "flex", flexDirection: "column", height: "100%" }}>
      <InsightBar draft={draft} />
      <Splitter style={{ flex: 1, minHeight: 0 }}>
        <Splitter.Panel defaultSize={350} min={290} max="46%">
          <div className="stack" style={{ padding: 16, gap: 20 }}>
            <Select<Kind>
              aria-label={t("insights.kind")}
              value={query.kind}
              size="large"
              virtual={false}
              listHeight={480}
              popupMatchSelectWidth={340}
              onChange={(kind) => setQuery(asKind(query, kind, names), null)}
              options={KINDS.map((kind) => ({ value: kind, label: t(`insights.kinds.${kind}`) }))}
              optionRender={({ value }) => (
                <div>
                  <div>{t(`insights.kinds.${value as Kind}`)}</div>
                  <small style={{ opacity: 0.75 }}>{t(`insights.kindHints.${value as Kind}`)}</small>
                </div>
              )}
            />
            <QueryForm query={query} onChange={(next) => setQuery(next, chart)} />
          </div>
        </Splitter.Panel>
        <Splitter.Panel>
          <div className="stack" style={{ padding: 16 }}>
            <div className="row between">
              <PeriodPicker value={query.period ?? LAST_30_DAYS} onChange={(period) => setQuery({ ...query, period } as Query, chart)} />
              <div className="row">
                {query.kind === "trend" && <Notes />}
                {query.kind === "trend" && <TargetLines value={draft.targets} onChange={draft.setTargets} />}
                {charts.length > 1 && (
                  <Segmented<string> value={shown ?? ""} onChange={(next) => setQuery(next === "map" ? withAllRegions(query) : query, next)} options={charts.map((each) => ({ value: each, label: t(`insights.charts.${each as "line"}`) }))} />
                )}
              </div>
            </div>
            <Card>
              <AnswerBody answer={answer} query={query} chart={shown} targets={draft.targets} notes={notes} onSelect={(selection, title) => setBehind({ query, selection, title })} />
            </Card>
            {answer.data && <AnswerFoot answer={answer.data} query={query} name={draft.name || t(`insights.kinds.${query.kind}`)} refresh={() => void answer.refetch()} busy={answer.isFetching} />}
          </div>
        </Splitter.Panel>
      </Splitter>
      <PeopleDrawer behind={behind} close={() => setBehind(null)} />
    </div>
  );
}

type BodyProps = {
  answer: ReturnType<typeof useAnswer>;
  query: Query;
  chart: string | null;
  targets: ReturnType<typeof useInsightDraft>["targets"];
  notes: ReturnType<typeof useNotes>;
  onSelect: (selection: Record<string, unknown>, title: string) => void;
};

function AnswerBody({ answer, query, chart, targets, notes, onSelect }: BodyProps) {
  if (answer.error && !answer.isFetching) return <Failure small error={answer.error} retry={() => void answer.refetch()} />;
  if (!answer.data || answer.data.result.kind !== query.kind) return <Computing />;
  return (
    <div style={{ opacity: answer.isFetching ? 0.55 : 1, transition: "opacity .15s" }} aria-busy={answer.isFetching}>
      <ResultView result={answer.data.result as Result} query={query} chart={chart} height={380} targets={targets} notes={notes} onSelect={onSelect} />
    </div>
  );
}

function Computing() {
  return <Waiting height={420} />;
}

