import type { Range } from "./types";

export interface Scale {
  low: number;
  high: number;
  /** Where zero is, in percent. */
  zero: number;
  /** Where a value is, in percent, no further than the ends. */
  at: (value: number) => number;
}

/** A scale that has zero and all intervals on it; ends that are open reach to its edges. */
export function scaleOf(ranges: readonly Range[]): Scale {
  const known = ranges.flatMap((range) => [range.value, range.low, range.high]).filter((value): value is number => value !== null && Number.isFinite(value));
  let low = Math.min(0, ...known);
  let high = Math.max(0, ...known);
  if (low === high) [low, high] = [-1, 1];
  const room = (high - low) * 0.06;
  if (low < 0) low -= room;
  if (high > 0) high += room;
  // Something on both sides, so that zero is never an edge.
  low = Math.min(low, -(high - low) * 0.08);
  high = Math.max(high, (high - low) * 0.08);
  const at = (value: number) => Math.min(100, Math.max(0, ((value - low) / (high - low)) * 100));
  return { low, high, zero: at(0), at };
}

/** Whether an interval lies on the good side of zero, on the bad one, or on both. */
export function toneOf(range: Range, better: "higher" | "lower"): "good" | "bad" | "open" {
  const up = range.low !== null && range.low > 0;
  const down = range.high !== null && range.high < 0;
  if (!up && !down) return "open";
  return up === (better === "higher") ? "good" : "bad";
}
