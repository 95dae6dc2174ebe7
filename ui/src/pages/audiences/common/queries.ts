import { useQuery } from "@tanstack/react-query";
import { api, taken } from "@/api/client";
import { lastDayOf, useEvents } from "@/query/catalog";
import { useProject } from "@/session/session";

/** The last refreshes, the oldest first. */
export function useRuns(subject_id: string) {
  const { id: project_id } = useProject();
  return useQuery({
    queryKey: ["runs", project_id, subject_id],
    queryFn: async () => {
      const page = await taken(api.GET("/api/projects/{project_id}/subjects/{subject_id}/runs", { params: { path: { project_id, subject_id }, query: { limit: 400 } } }));
      return page.items.toReversed();
    },
  });
}

export function useVersions(subject_id: string) {
  const { id: project_id } = useProject();
  return useQuery({
    queryKey: ["versions", project_id, subject_id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/subjects/{subject_id}/versions", { params: { path: { project_id, subject_id } } })),
  });
}

const DAY_MS = 86_400_000;
export const SPANS = { day: 1, week: 7, month: 30, quarter: 90, year: 365 } as const;
export type SpanName = keyof typeof SPANS;

/** Since when, as the server takes it; to the minute, so that it is the same for a while. */
export function sinceOf(span: SpanName, endMs: number): string {
  return new Date(endMs - SPANS[span] * 86_400_000).toISOString();
}

function thisMinute(): number {
  return Math.floor(Date.now() / 60_000) * 60_000;
}

/** What spans are counted back from: this minute, or the end of the last day with events, if that is long past. */
export function useEndMs(): number {
  const last = lastDayOf(useEvents());
  const minute = thisMinute();
  const end = last === null ? minute : Date.parse(`${last}T00:00:00Z`) + 2 * DAY_MS;
  return minute - end > 30 * DAY_MS ? end : minute;
}

/** Who went from which value to which since then. */
export function useMoves(subject_id: string, span: SpanName) {
  const { id: project_id } = useProject();
  const after = sinceOf(span, useEndMs());
  return useQuery({
    queryKey: ["moves", project_id, subject_id, after],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/subjects/{subject_id}/moves", { params: { path: { project_id, subject_id }, query: { after } } })),
  });
}
