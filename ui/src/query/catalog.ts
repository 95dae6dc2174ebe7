import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, taken } from "@/api/client";
import { useProject } from "@/session/session";
import { useSubjects, useTagValues } from "./subjects";
import type { PropertyRef } from "./types";

export interface KnownEvent {
  name: string;
  label: string;
  count: number;
  /** Unix milliseconds of the last one; null if there was none. */
  lastMs: number | null;
}

export interface KnownProperty {
  ref: PropertyRef;
  label: string;
  type: string | null;
}

const FIELDS = ["event", "distinct_id", "session_id", "source", "hour_of_day", "day_of_week", "time"];
// Properties of more events than these are not looked up for a list of all.
const MOST_EVENTS = 12;

/** The project's events, most frequent first; `ready` once they are known. */
export function useEventsState(): { events: KnownEvent[]; ready: boolean } {
  const { id: project_id } = useProject();
  const planned = useQuery({
    queryKey: ["catalog-events", project_id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/catalog/events", { params: { path: { project_id }, query: { limit: 1000 } } })),
    staleTime: 60_000,
  });
  const events = useMemo(
    () =>
      (planned.data?.items ?? [])
        .map((each) => ({ name: each.name, label: each.name, count: each.seen.count, lastMs: each.seen.last_ms }))
        .sort((one, other) => other.count - one.count),
    [planned.data],
  );
  // The catalog knows new names within seconds and counts every minute or so; the first events are counted at once.
  const counted = events.some((event) => event.count > 0);
  const recent = useQuery({
    queryKey: ["recent-events", project_id],
    queryFn: () => recentEvents(project_id),
    enabled: planned.isSuccess && !counted,
    staleTime: 5_000,
  });
  const ready = planned.isError || (planned.isSuccess && (counted || !recent.isPending));
  return { events: counted || !recent.data?.length ? events : recent.data, ready };
}

export function useEvents(): KnownEvent[] {
  return useEventsState().events;
}

async function recentEvents(project_id: string): Promise<KnownEvent[]> {
  const body = {
    kind: "trend",
    period: { kind: "last", count: 30, unit: "day", include_current: true },
    series: [{ measure: { kind: "count" } }],
    breakdowns: [{ property: { scope: "field", name: "event" }, top_n: 100 }],
  };
  const result = await taken(api.POST("/api/projects/{project_id}/query", { params: { path: { project_id } }, body: body as never }));
  return (result as { lines: { total: number | null; breakdown: { value: string | null; other?: boolean }[] }[] }).lines.flatMap((line) => {
    const name = line.breakdown[0]?.other ? null : line.breakdown[0]?.value;
    return name ? [{ name, label: name, count: line.total ?? 0, lastMs: null }] : [];
  });
}

/** The day, in UTC, of the last event there is; null without any. */
export function lastDayOf(events: readonly KnownEvent[]): string | null {
  const last = Math.max(0, ...events.map((event) => event.lastMs ?? 0));
  return last ? new Date(last).toISOString().slice(0, 10) : null;
}

/** Properties of some events (none: of the most frequent), of people, tags, audiences, and the fields of every event. */
export function useProperties(events: readonly string[]): KnownProperty[] {
  const { id: project_id } = useProject();
  const all = useEvents();
  // Of events that were only just seen for the first time, the catalog has no properties yet.
  const learned = all.filter((each) => each.lastMs !== null).map((each) => each.name);
  const names = (events.length ? learned.filter((name) => events.includes(name)) : learned).slice(0, MOST_EVENTS);
  const details = useQueries({
    queries: names.map((name) => ({
      queryKey: ["catalog-event", project_id, name],
      queryFn: () => taken(api.GET("/api/projects/{project_id}/catalog/event", { params: { path: { project_id }, query: { event: name } } })),
      staleTime: 5 * 60_000,
    })),
  });
  const people = useQuery({
    queryKey: ["person-properties", project_id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/people", { params: { path: { project_id }, query: { limit: 50 } } })),
    staleTime: 5 * 60_000,
  });
  const { subjects } = useSubjects();
  const found = new Map<string, KnownProperty>();
  const add = (ref: PropertyRef, type: string | null, label = ref.name) => {
    const key = `${ref.scope}.${ref.name}`;
    if (!found.has(key)) found.set(key, { ref, label, type });
  };
  for (const detail of details) {
    for (const property of detail.data?.properties ?? []) {
      add({ scope: "event", name: property.name }, property.type ?? mostSeen(property.seen_types));
    }
  }
  for (const person of people.data?.items ?? []) {
    for (const [name, value] of Object.entries(person.properties)) add({ scope: "person", name }, typeOf(value));
  }
  for (const { id, type, name, numeric } of subjects) add({ scope: type, name: id }, numeric ? "number" : type, name);
  for (const name of FIELDS) add({ scope: "field", name }, name === "time" ? "time" : name.includes("_of_") ? "number" : "text");
  return [...found.values()];
}

function mostSeen(types: unknown): string | null {
  const entries = Object.entries((types ?? {}) as Record<string, number>);
  return entries.sort((one, other) => other[1] - one[1])[0]?.[0] ?? null;
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return "list";
  return { number: "number", boolean: "flag" }[typeof value as string] ?? "text";
}

/** Values that people or events have of a property, for a list to choose from. */
export function useValues(property: PropertyRef, events: readonly string[]): string[] {
  const { id: project_id } = useProject();
  const ofTag = useTagValues(property.scope === "tag" ? property.name : null);
  const found = useQuery({
    queryKey: ["values", project_id, property, events],
    enabled: property.name !== "" && property.name !== "time" && property.scope !== "tag" && property.scope !== "audience",
    staleTime: 5 * 60_000,
    queryFn: async () => {
      const body = {
        kind: "trend",
        period: { kind: "last", count: 1, unit: "year", include_current: true },
        interval: "year",
        series: [{ selector: { events: [...events] }, measure: { kind: "count" } }],
        breakdowns: [{ property, top_n: 100 }],
      };
      const result = await taken(api.POST("/api/projects/{project_id}/query", { params: { path: { project_id } }, body: body as never }));
      return (result as { lines: { breakdown: { value: string | null; other?: boolean }[] }[] }).lines
        .map((line) => line.breakdown[0])
        .flatMap((each) => (each?.value && !each.other ? [each.value] : []));
    },
  });
  return property.scope === "tag" ? ofTag : (found.data ?? []);
}
