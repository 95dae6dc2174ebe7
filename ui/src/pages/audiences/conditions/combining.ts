import { inAudience } from "./making";
import type { Condition } from "./types";

export const WAYS = ["union", "intersection", "minus"] as const;
export type Combining = (typeof WAYS)[number];

/** The condition of being in any of some audiences, in all of them, or in one and none of the others. */
export function combined(way: Combining, ids: readonly string[], base: string): Condition {
  if (way === "union") return { kind: "any", items: ids.map(inAudience) };
  if (way === "intersection") return { kind: "all", items: ids.map(inAudience) };
  const others = ids.filter((each) => each !== base).map(inAudience);
  return { kind: "all", items: [inAudience(base), ...others.map((item): Condition => ({ kind: "not", item }))] };
}
