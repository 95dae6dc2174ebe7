/** Where on the pages something of a campaign is mended, by the place that the server names. */
export interface Place {
  tab: "plan" | "work" | "approvals";
  /** Section of the plan. */
  at?: Section;
}

export const SECTIONS = ["goal", "hypothesis", "people", "variants", "messages", "money", "time"] as const;
export type Section = (typeof SECTIONS)[number];

const BY_PATH: readonly [string, Section][] = [
  ["plan.goal", "goal"],
  ["plan.outcome", "goal"],
  ["plan.hypothesis", "hypothesis"],
  ["plan.target", "people"],
  ["plan.holdout", "people"],
  ["plan.variants", "variants"],
  ["plan.messages", "messages"],
  ["plan.offer", "money"],
  ["plan.budget", "money"],
  ["plan.starts_at", "time"],
  ["plan.ends_at", "time"],
  ["plan.timeline", "time"],
  ["plan.resources", "time"],
];

/** The section of the plan that a path is in; null for none of them. */
export function sectionOf(path: string | null | undefined): Section | null {
  if (!path) return null;
  return BY_PATH.find(([start]) => path === start || path.startsWith(`${start}.`) || path.startsWith(`${start}[`))?.[1] ?? null;
}

/** Where what a path names is mended. */
export function placeOf(path: string): Place {
  if (path === "tasks" || path.startsWith("tasks")) return { tab: "work" };
  if (path === "approvals") return { tab: "approvals" };
  return { tab: "plan", at: sectionOf(path) ?? "goal" };
}

/** The address of a place in a campaign's pages. */
export function addressOf(projectId: string, campaignId: string, place: Place): string {
  const search = new URLSearchParams({ tab: place.tab, ...(place.at ? { at: place.at } : {}) });
  return `/p/${projectId}/campaigns/${campaignId}?${search}`;
}
