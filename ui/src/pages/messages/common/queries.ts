import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { useProject } from "@/session/session";
import type { Medium } from "./types";

export function usePurposes() {
  const { id: project_id } = useProject();
  return useQuery({
    queryKey: ["purposes", project_id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/consent/purposes", { params: { path: { project_id } } })),
    staleTime: 60_000,
  });
}

export function useChannels() {
  const { id: project_id } = useProject();
  return useQuery({
    queryKey: ["message-channels", project_id, "list"],
    queryFn: async () => (await taken(api.GET("/api/projects/{project_id}/message-channels", { params: { path: { project_id }, query: { limit: 400 } } }))).items,
  });
}

/** The channels that are on and send this. */
export function useChannelsOf(medium: Medium) {
  const channels = useChannels();
  return { ...channels, channels: (channels.data ?? []).filter((each) => each.enabled && each.medium === medium) };
}

export function useKinds() {
  const { id: project_id } = useProject();
  return useQuery({
    queryKey: ["channel-kinds", project_id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/message-channels/kinds", { params: { path: { project_id } } })),
    staleTime: Infinity,
  });
}

/** Who gets tests; only members who may edit data may know. */
export function useSeeds(enabled: boolean) {
  const { id: project_id } = useProject();
  return useQuery({
    queryKey: ["seeds", project_id],
    queryFn: async () => (await taken(api.GET("/api/projects/{project_id}/messages/seeds", { params: { path: { project_id } } }))).seeds,
    enabled,
  });
}

export function useDesigns(enabled = true) {
  const { id: project_id } = useProject();
  return useQuery({
    queryKey: ["designs", project_id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/message-templates/designs", { params: { path: { project_id } } })),
    staleTime: Infinity,
    enabled,
  });
}

export function useTemplate(template_id: string | undefined) {
  const { id: project_id } = useProject();
  return useQuery({
    queryKey: ["templates", project_id, template_id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/message-templates/{template_id}", { params: { path: { project_id, template_id: template_id ?? "" } } })),
    enabled: template_id !== undefined,
  });
}

/** The templates to choose from; an archived one only where it was chosen already. */
export function useTemplateChoice(chosen: string | null | undefined): { id: string; name: string; medium: Medium }[] {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const offered = useQuery({
    queryKey: ["templates", project_id, "offered"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/message-templates", { params: { path: { project_id }, query: { archived: false, limit: 1000 } } })),
    staleTime: 30_000,
  });
  const items = offered.data?.items ?? [];
  const missing = chosen && offered.data && !items.some((each) => each.id === chosen);
  const other = useTemplate(missing ? chosen : undefined).data;
  return other && missing ? [...items, { ...other, name: other.archived ? t("templates.archivedName", { name: other.name }) : other.name }] : items;
}

export function useSnippets() {
  const { id: project_id } = useProject();
  return useQuery({
    queryKey: ["snippets", project_id, "all"],
    queryFn: async () => (await taken(api.GET("/api/projects/{project_id}/message-snippets", { params: { path: { project_id }, query: { limit: 400 } } }))).items,
    staleTime: 30_000,
  });
}

export function useLookups() {
  const { id: project_id } = useProject();
  return useQuery({
    queryKey: ["lookups", project_id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/message-lookups", { params: { path: { project_id } } })),
    staleTime: 30_000,
  });
}
