import type { Got } from "@/api/types";

export type Sync = Got<"/api/projects/{project_id}/audience-syncs">["items"][number];
export type Delivery = Got<"/api/projects/{project_id}/audience-syncs/{sync_id}/deliveries">["items"][number];

/** What a sync is made of while it is written. */
export interface SyncHeld {
  name: string;
  subject_id: string;
  value: string | null;
  kind: Sync["kind"];
  url: string;
  every: "hourly" | "daily";
  keep_days: number;
  properties: string[];
  unmask: boolean;
}

export const FRESH_SYNC: SyncHeld = { name: "", subject_id: "", value: null, kind: "webhook", url: "", every: "daily", keep_days: 30, properties: [], unmask: false };

/** A sync as it is written anew. */
export function heldOf(sync: Sync): SyncHeld {
  const { name, subject_id, value, kind, url, every, keep_days, properties, unmask } = sync;
  return { name, subject_id, value, kind, url: url ?? "", every: every ?? "daily", keep_days, properties, unmask };
}

/** Whether something is missing that has to be filled in. */
export function isReady(held: SyncHeld, isTag: boolean): boolean {
  return Boolean(held.name.trim() && held.subject_id && (!isTag || held.value) && (held.kind === "files" || held.url.trim()));
}

/** What is sent to make a sync, or to change one: each kind has its own fields. */
export function bodyOf(held: SyncHeld, isNew: boolean) {
  const common = { name: held.name.trim(), keep_days: held.keep_days, properties: held.properties, unmask: held.unmask };
  const own = held.kind === "webhook" ? { url: held.url.trim() } : { every: held.every };
  return isNew ? { ...common, ...own, subject_id: held.subject_id, value: held.value, kind: held.kind } : { ...common, ...own };
}

export type State = "on" | "off" | "retrying";

/** How a sync goes. */
export function stateOf({ enabled, error }: Pick<Sync, "enabled" | "error">): State {
  return enabled ? (error ? "retrying" : "on") : "off";
}
