import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { ApiError, ownHeaders } from "@/api/client";
import { useProject } from "@/session/session";
import type { Result, Selection } from "@/results/types";
import { finished } from "./operators";
import { addressOf, send } from "./requests";
import type { Query, Selector } from "./types";

export interface Answer {
  result: Result;
  cached: boolean;
  milliseconds: number;
}

/** The query without conditions that are not finished: what is sent while a form is being filled in. */
export function sendable(query: Query): Query {
  const tidy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(tidy);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(([name, part]) => [name, name === "filter" ? finished(part as Selector["filter"]) : tidy(part)]);
    return Object.fromEntries(entries) as unknown;
  };
  return tidy(query) as Query;
}

/** Asks an analysis; stopping it also stops the engine's work. */
export async function ask(projectId: string, query: Query, signal?: AbortSignal): Promise<Answer> {
  const id = crypto.randomUUID();
  const begun = performance.now();
  const stop = () => void fetch(addressOf(projectId, `queries/${id}`), { method: "DELETE", credentials: "same-origin", headers: ownHeaders() });
  signal?.addEventListener("abort", stop);
  try {
    const response = await send(projectId, "query", sendable(query), { signal, headers: { "x-query-id": id } });
    const result = (await response.json()) as Result;
    return { result, cached: response.headers.get("x-bihuan-cache") === "hit", milliseconds: performance.now() - begun };
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

/** The answer to a query, kept while the page is open. */
export function useAnswer(query: Query | null): UseQueryResult<Answer> {
  const { id } = useProject();
  return useQuery({
    queryKey: ["answer", id, query && sendable(query)],
    queryFn: ({ signal }) => ask(id, query as Query, signal),
    enabled: query !== null,
    staleTime: 60_000,
    retry: (times, error) => !(error instanceof ApiError) && times < 1,
    placeholderData: (before) => (before && query && before.result.kind === query.kind ? before : undefined),
  });
}

export interface PersonBehind {
  person_id: string;
  distinct_ids: string[];
  properties: Record<string, unknown>;
}

/** A page of the people behind a number. */
export async function peopleBehind(projectId: string, query: Query, selection: Selection, cursor: string | null): Promise<{ items: PersonBehind[]; next_cursor: string | null }> {
  const search = new URLSearchParams({ limit: "50", ...(cursor ? { cursor } : {}) });
  const response = await send(projectId, `query/people?${search}`, { query: sendable(query), selection });
  return (await response.json()) as { items: PersonBehind[]; next_cursor: string | null };
}

/** Fetches an answer as a file and hands it to the browser to keep. */
export async function downloadAnswer(projectId: string, query: Query, format: "csv" | "xlsx", name: string): Promise<void> {
  const response = await send(projectId, `query/export?format=${format}`, sendable(query));
  keep(URL.createObjectURL(await response.blob()), `${name}.${format}`);
}

/** Has the browser keep what is at an address as a file. */
export function keep(address: string, name: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
