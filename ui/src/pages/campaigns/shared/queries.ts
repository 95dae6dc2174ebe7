import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { useProject } from "@/session/session";
import type { Channel } from "./types";

const MINUTES = 60_000;

/** One campaign, read again while something is going on. */
export function useCampaign(campaign_id: string) {
  const { id: project_id } = useProject();
  return useQuery({
    queryKey: ["campaigns", project_id, "one", campaign_id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/campaigns/{campaign_id}", { params: { path: { project_id, campaign_id } } })),
    refetchInterval: ({ state }) => (state.data?.status === "scheduled" || state.data?.status === "running" ? 20_000 : false),
  });
}

/** The channels that messages can go by. */
export function useChannels(): Channel[] {
  const { id: project_id } = useProject();
  const found = useQuery({
    queryKey: ["message-channels", project_id, "all"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/message-channels", { params: { path: { project_id }, query: { limit: 200 } } })),
    staleTime: MINUTES,
  });
  return found.data?.items ?? [];
}

/** What a channel is called. */
export function useChannelName(): (id: string) => string {
  const channels = useChannels();
  return (id) => channels.find((each) => each.id === id)?.name ?? id;
}

/** What people are written to for, in the reader's language. */
export function usePurposes(): { key: string; name: string }[] {
  const { i18n } = useTranslation();
  const { id: project_id } = useProject();
  const found = useQuery({
    queryKey: ["purposes", project_id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/consent/purposes", { params: { path: { project_id } } })),
    staleTime: MINUTES,
  });
  const items = found.data ?? [];
  return (Array.isArray(items) ? items : []).map((each) => ({ key: each.key, name: i18n.language === "zh" ? each.name_zh : each.name_en }));
}

/** The audiences, as options. */
export function useAudiences() {
  const { id: project_id } = useProject();
  const found = useQuery({
    queryKey: ["audiences", project_id, "options"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/audiences", { params: { path: { project_id }, query: { limit: 200 } } })),
    staleTime: MINUTES,
  });
  return found.data?.items ?? [];
}

/** Ready campaigns to begin with. */
export function useTemplates() {
  const { id: project_id } = useProject();
  return useQuery({
    queryKey: ["campaign-templates", project_id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/campaign-templates", { params: { path: { project_id } } })),
    staleTime: Infinity,
  });
}
