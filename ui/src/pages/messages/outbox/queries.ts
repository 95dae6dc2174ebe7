import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Got } from "@/api/types";
import type { Tone } from "@/components/page";
import { useProject } from "@/session/session";

export type Message = Got<"/api/projects/{project_id}/messages">["items"][number];
export type State = Message["state"];
export type Course = Got<"/api/projects/{project_id}/messages/course">;
export type Policy = Got<"/api/projects/{project_id}/messages/policy">;
export type Medium = NonNullable<NonNullable<Policy["caps"]>[number]["medium"]>;

export const STATES: State[] = ["queued", "held", "claimed", "sending", "sent", "rejected", "suppressed", "cancelled", "uncertain"];
export const MEDIA: Medium[] = ["email", "sms", "push", "in_app", "bot", "webhook"];
export const TONES: Record<State, Tone> = { queued: "busy", held: "care", claimed: "busy", sending: "busy", sent: "good", rejected: "bad", suppressed: "quiet", cancelled: "quiet", uncertain: "care" };

/** The channels of the project, by id. */
export function useChannels() {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const channels = useQuery({
    queryKey: ["message-channels", project_id, "outbox"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/message-channels", { params: { path: { project_id }, query: { limit: 400 } } })),
    staleTime: 30_000,
  });
  const items = channels.data?.items ?? [];
  const nameOf = (id: string) => items.find((each) => each.id === id)?.name ?? t("outbox.channelGone");
  return { items, nameOf };
}

/** The templates of the project. */
export function useTemplates() {
  const { id: project_id } = useProject();
  const templates = useQuery({
    queryKey: ["message-templates", project_id, "outbox"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/message-templates", { params: { path: { project_id }, query: { limit: 400 } } })),
    staleTime: 30_000,
  });
  const items = templates.data?.items ?? [];
  return { items, nameOf: (id: string) => items.find((each) => each.id === id)?.name ?? id };
}

/** The campaigns of the project, by which messages are found. */
export function useCampaigns() {
  const { id: project_id } = useProject();
  const campaigns = useQuery({
    queryKey: ["campaigns", project_id, "outbox"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/campaigns", { params: { path: { project_id }, query: { limit: 400 } } })),
    staleTime: 30_000,
  });
  const items = campaigns.data?.items ?? [];
  return { items, nameOf: (id: string) => items.find((each) => each.id === id)?.name ?? id };
}

/** The journeys of the project. */
export function useJourneys() {
  const { id: project_id } = useProject();
  const journeys = useQuery({
    queryKey: ["journeys", project_id, "outbox"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/journeys", { params: { path: { project_id }, query: { limit: 400 } } })),
    staleTime: 30_000,
  });
  const items = journeys.data?.items ?? [];
  return { items, nameOf: (id: string) => items.find((each) => each.id === id)?.name ?? id };
}

/** A reason in the reader's words; what has no words is shown as it is. */
export function useReason() {
  const { t, i18n } = useTranslation();
  return (reason: string | null | undefined) => {
    if (!reason) return "";
    return i18n.exists(`outbox.reasons.${reason}`) ? t(`outbox.reasons.${reason}` as "outbox.reasons.expired") : reason;
  };
}
