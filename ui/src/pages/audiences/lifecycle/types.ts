import type { StageTag } from "../tags/types";

export const STAGES = ["onboarding", "growing", "mature", "dormant", "lost"] as const;
export type Stage = (typeof STAGES)[number];
// From new to gone: cool, warm, then grey.
export const STAGE_COLORS: Record<Stage, string> = { onboarding: "#2d9cdb", growing: "#18b5a4", mature: "#3355ff", dormant: "#f2994a", lost: "#8a94a6" };

export interface Absence {
  days: number;
  returns: number;
  people: number;
  still_away: number;
  chance: number | null;
  low: number | null;
  high: number | null;
}

/** What `/stages/returns` answers. */
export interface Returns {
  within_days: number;
  absences: Absence[];
  active_days: number[];
  dormant_because: "curve" | "knee" | "default";
  lost_because: "curve" | "default";
  refused_en: string | null;
  refused_zh: string | null;
  suggested: StageTag;
}
