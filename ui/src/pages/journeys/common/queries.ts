import { useQuery } from "@tanstack/react-query";
import { api, taken } from "@/api/client";
import { useProject } from "@/session/session";
import type { Definition, Journey, Problem, Version } from "./types";

const MOVING = ["running", "closing", "stopping"];
const PAUSE_MS = 60_000;

/** What a name in a picker is told by. */
export interface Named {
  id: string;
  name: string;
}

export function useJourney(journey_id: string) {
  const { id: project_id } = useProject();
  return useQuery({
    queryKey: ["journeys", project_id, "one", journey_id],
    queryFn: async () => (await taken(api.GET("/api/projects/{project_id}/journeys/{journey_id}", { params: { path: { project_id, journey_id } } }))) as unknown as Journey,
    // Its state changes by itself as the last people leave, and so do its faults.
    refetchInterval: ({ state }) => (state.data && MOVING.includes(state.data.state) ? 3_000 : false),
  });
}

export function useVersions(journey_id: string) {
  const { id: project_id } = useProject();
  return useQuery({
    queryKey: ["journeys", project_id, "versions", journey_id],
    queryFn: async () => (await taken(api.GET("/api/projects/{project_id}/journeys/{journey_id}/versions", { params: { path: { project_id, journey_id } } }))) as unknown as Version[],
  });
}

/** The counts of all versions, read again and again while people are moved. */
export function useCounts(journey: Journey) {
  const { id: project_id } = useProject();
  return useQuery({
    queryKey: ["journeys", project_id, "counts", journey.id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/journeys/{journey_id}/counts", { params: { path: { project_id, journey_id: journey.id } } })),
    enabled: journey.version > 0,
    // What is tried again is tried again after the end, too.
    refetchInterval: ({ state }) => (MOVING.includes(journey.state) || (journey.state === "ended" && state.data?.waiting_deeds) ? 2_000 : false),
  });
}

export interface Checked {
  problems: Problem[];
  definition: Definition | null;
  yaml: string | null;
}

export async function checked(project_id: string, body: { definition: Definition } | { yaml: string }): Promise<Checked> {
  return (await taken(api.POST("/api/projects/{project_id}/journeys/check", { params: { path: { project_id } }, body: body as never }))) as unknown as Checked;
}

/** What the server says of a definition, or of a YAML. */
export function useCheck(body: { definition: Definition } | { yaml: string }) {
  const { id: project_id } = useProject();
  return useQuery({
    queryKey: ["journeys", project_id, "check", body],
    queryFn: () => checked(project_id, body),
    staleTime: 10_000,
    placeholderData: (before) => before,
  });
}

/** Whether every field is filled in, so that it can be kept as a definition. */
export function isWhole(found: Checked | undefined): boolean {
  return found !== undefined && !found.problems.some((each) => each.code.startsWith("field_") || each.code === "yaml_unreadable");
}

export function useTemplates() {
  const { id: project_id } = useProject();
  const found = useQuery({
    queryKey: ["message-templates", project_id, "names"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/message-templates", { params: { path: { project_id }, query: { limit: 500 } } })),
    staleTime: PAUSE_MS,
  });
  return found.data?.items ?? [];
}

export function useChannels() {
  const { id: project_id } = useProject();
  const found = useQuery({
    queryKey: ["message-channels", project_id, "names"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/message-channels", { params: { path: { project_id }, query: { limit: 500 } } })),
    staleTime: PAUSE_MS,
  });
  return found.data?.items ?? [];
}

export function usePurposes() {
  const { id: project_id } = useProject();
  const found = useQuery({
    queryKey: ["consent-purposes", project_id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/consent/purposes", { params: { path: { project_id } } })),
    staleTime: PAUSE_MS,
  });
  return found.data ?? [];
}

export function useExperiments() {
  const { id: project_id } = useProject();
  const found = useQuery({
    queryKey: ["experiments", project_id, "names"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/experiments", { params: { path: { project_id }, query: { limit: 500 } } })),
    staleTime: PAUSE_MS,
  });
  return found.data?.items ?? [];
}

export function useAudiences() {
  const { id: project_id } = useProject();
  const found = useQuery({
    queryKey: ["audiences", project_id, "names"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/audiences", { params: { path: { project_id }, query: { limit: 500 } } })),
    staleTime: PAUSE_MS,
  });
  return found.data?.items ?? [];
}

/** Tags that are kept by hand, with their values. */
export function useManualTags() {
  const { id: project_id } = useProject();
  const found = useQuery({
    queryKey: ["tags", project_id, "manual"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/tags", { params: { path: { project_id }, query: { limit: 500 } } })),
    staleTime: PAUSE_MS,
  });
  return (found.data?.items ?? []).filter((each) => each.kind === "manual");
}
