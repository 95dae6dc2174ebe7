import { useQuery } from "@tanstack/react-query";
import { useParams, useSearchParams } from "react-router";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { fromAddress, toAddress } from "@/query/address";
import { lastDayOf, useEventsState } from "@/query/catalog";
import { startingQuery } from "@/query/starting";
import { type Kind, KINDS, type Query } from "@/query/types";
import type { Target } from "@/results/types";
import { useProject } from "@/session/session";
import { useAddressed } from "./addressed";

export type Insight = Schemas["InsightOutput"];

/** What was changed of the question; the address says it, so that a link shows the same. */
interface Changes {
  query: Query | null;
  chart: string | null;
  targets: Target[] | null;
}

export interface Draft {
  /** The saved insight this is of; null for a new one. */
  insight: Insight | null;
  query: Query | null;
  chart: string | null;
  targets: Target[];
  name: string;
  changed: boolean;
  error: unknown;
  setQuery: (query: Query, chart: string | null) => void;
  setTargets: (targets: Target[]) => void;
  discard: () => void;
}

const NONE: Changes = { query: null, chart: null, targets: null };

/** The question of the page: what was changed, else what was saved, else a first one. */
export function useInsightDraft(): Draft {
  const { id: project_id } = useProject();
  const { insightId } = useParams();
  const { events, ready } = useEventsState();
  const [changes, change] = useChanges();
  const [search] = useSearchParams();
  const saved = useQuery({
    queryKey: ["insight", project_id, insightId],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/insights/{insight_id}", { params: { path: { project_id, insight_id: insightId ?? "" } } })),
    enabled: insightId !== undefined,
  });
  const insight = insightId ? (saved.data ?? null) : null;
  const asked = search.get("kind") as Kind | null;
  const kind = asked && KINDS.includes(asked) ? asked : "trend";
  const first = insightId || !ready ? null : startingQuery(kind, events.map((event) => event.name), lastDayOf(events));
  const before = insight?.query ? (insight.query as unknown as Query) : first;
  const query = changes.query ?? before;
  const targets = changes.targets ?? (insight?.options?.targets as Target[] | undefined) ?? NO_TARGETS;
  return {
    insight,
    query,
    chart: changes.chart ?? (changes.query && changes.query.kind !== before?.kind ? null : (insight?.chart ?? null)),
    targets,
    name: insight?.name ?? "",
    changed: changes !== NONE,
    error: insightId ? saved.error : null,
    setQuery: (next, chart) => change({ ...changes, query: next, chart }),
    setTargets: (next) => change({ ...changes, query, targets: next }),
    discard: () => change(NONE),
  };
}

const NO_TARGETS: Target[] = [];

/** Changes that are there at once, and in the address a moment later. */
function useChanges(): [Changes, (changes: Changes) => void] {
  const [search, setSearch] = useSearchParams();
  const write = (text: string) => setSearch(text, { replace: true });
  return useAddressed<Changes>(search.toString(), write, changesOf, addressOf);
}

function changesOf(address: string): Changes {
  const search = new URLSearchParams(address);
  const found = { query: fromAddress(search.get("q")), chart: search.get("chart"), targets: targetsOf(search.get("targets")) };
  return found.query || found.chart || found.targets ? found : NONE;
}

function addressOf({ query, chart, targets }: Changes): string {
  const search = new URLSearchParams();
  if (query) search.set("q", toAddress(query));
  if (chart) search.set("chart", chart);
  if (targets) search.set("targets", JSON.stringify(targets));
  return search.toString();
}

function targetsOf(text: string | null): Target[] | null {
  if (text === null) return null;
  try {
    const found = JSON.parse(text) as unknown;
    return Array.isArray(found) ? (found as Target[]) : null;
  } catch {
    return null;
  }
}
