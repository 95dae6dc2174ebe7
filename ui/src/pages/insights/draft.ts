import { useQuery } from "@tanstack/react-query";
import { useParams, useSearchParams } from "react-router";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { fromAddress, toAddress } from "@/query/address";
import { lastDayOf, useEvents } from "@/query/catalog";
import { startingQuery } from "@/query/starting";
import { type Kind, KINDS, type Query } from "@/query/types";
import type { Target } from "@/results/types";
import { useProject } from "@/session/session";

export type Insight = Schemas["InsightOutput"];

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

/** The question of the page: what the address says, else what was saved, else a first one. */
export function useInsightDraft(): Draft {
  const { id: project_id } = useProject();
  const { insightId } = useParams();
  const [search, setSearch] = useSearchParams();
  const events = useEvents();
  const saved = useQuery({
    queryKey: ["insight", project_id, insightId],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/insights/{insight_id}", { params: { path: { project_id, insight_id: insightId ?? "" } } })),
    enabled: insightId !== undefined,
  });
  const insight = insightId ? (saved.data ?? null) : null;
  const own = fromAddress(search.get("q"));
  const asked = search.get("kind") as Kind | null;
  const first = insightId || (!events.length && !own) ? null : startingQuery(asked && KINDS.includes(asked) ? asked : "trend", events.map((event) => event.name), lastDayOf(events));
  const savedQuery = insight?.query ? (insight.query as unknown as Query) : null;
  const savedTargets = (insight?.options?.targets as Target[] | undefined) ?? [];
  const query = own ?? savedQuery ?? first;
  const chart = search.get("chart") ?? (own ? null : (insight?.chart ?? null));
  const targets = targetsOf(search.get("targets")) ?? savedTargets;
  const change = (changes: Record<string, string | null>) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        next.delete("kind");
        for (const [name, value] of Object.entries(changes)) {
          if (value === null) next.delete(name);
          else next.set(name, value);
        }
        return next;
      },
      { replace: true },
    );
  return {
    insight,
    query,
    chart,
    targets,
    name: insight?.name ?? "",
    changed: search.has("q") || search.has("chart") || search.has("targets"),
    error: insightId ? saved.error : null,
    setQuery: (next, nextChart) => change({ q: toAddress(next), chart: nextChart }),
    setTargets: (next) => change({ targets: JSON.stringify(next), q: query ? toAddress(query) : null }),
    discard: () => setSearch({}, { replace: true }),
  };
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
