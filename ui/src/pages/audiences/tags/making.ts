import type { Window } from "../conditions/types";
import type { Cuts, Definition, ScoreTag, TagKind } from "./types";

const QUANTILES: Cuts = { kind: "quantile", scores: 5 };

/** A definition of a kind to begin with. */
export function freshTag(kind: TagKind, window: Window, names: readonly string[]): Definition {
  switch (kind) {
    case "rule":
      return { kind, cases: [{ value: "", condition: { kind: "all", items: [] } }], otherwise: null };
    case "statistic":
      return { kind, event: { events: [] }, window, aggregate: "count", property: null, bins: null };
    case "rfm":
      return { kind, event: { events: [] }, revenue: { scope: "event", name: "$revenue" }, window: longer(window), frequency: "count", monetary: "sum", recency_cuts: QUANTILES, frequency_cuts: QUANTILES, monetary_cuts: QUANTILES };
    case "stages":
      return { kind, active: { events: [] }, dormant_after_days: 30, lost_after_days: 90, new_days: 30, of: null, activity: { kind: "active", unit: "day" }, window_days: 30, growing_from: 3, mature_from: 10 };
    case "activity_score":
      return scoreOf(window, names);
    case "activity_tier":
      return { kind, score: scoreOf(window, names) };
    case "sql":
      return { kind, sql: "SELECT person, toString(count()) AS value\nFROM events\nGROUP BY person" };
    case "manual":
      return { kind };
  }
}

function longer(window: Window): Window {
  return window.kind === "last" ? { ...window, count: 365 } : window;
}

/** Days active, how often, and how many different events: coming back on many days says more than doing much on one. */
function scoreOf(window: Window, [days = "days", frequency = "frequency", features = "features"]: readonly string[]): ScoreTag {
  const any = { events: [] };
  const cap = { kind: "percentile", percent: 95 } as const;
  return {
    kind: "activity_score",
    window,
    parts: [
      { name: days, event: any, figure: { kind: "active", unit: "day" }, weight: 45, cap },
      { name: frequency, event: any, figure: { kind: "count" }, weight: 30, cap },
      { name: features, event: any, figure: { kind: "property", property: { scope: "field", name: "event" }, aggregate: "distinct" }, weight: 25, cap },
    ],
    tiers: { cuts: [25, 50, 75], names: ["low", "medium", "high", "core"] },
  };
}

/** Numbers as somebody typed them, in Chinese or other commas; null if one is none or they do not ascend. */
export function numbersOf(text: string): number[] | null {
  const parts = text.split(/[,，、;；\s]+/).filter(Boolean);
  const numbers = parts.map(Number);
  const good = numbers.length > 0 && numbers.every((each, place) => Number.isFinite(each) && (place === 0 || each > (numbers[place - 1] ?? each)));
  return good ? numbers : null;
}

export function namesOf(text: string): string[] {
  return text.split(/[,，、;；\n]+/).map((each) => each.trim()).filter(Boolean);
}

export interface CategoryNode {
  key: string;
  title: string;
  count: number;
  children: CategoryNode[];
}

/** Categories as a tree: "a/b" stands below "a". */
export function treeOf(counts: Readonly<Record<string, number>>): CategoryNode[] {
  const roots: CategoryNode[] = [];
  for (const path of Object.keys(counts).filter(Boolean).sort()) {
    let level = roots;
    const parts = path.split("/");
    parts.forEach((title, place) => {
      const key = parts.slice(0, place + 1).join("/");
      let node = level.find((each) => each.key === key);
      if (!node) {
        node = { key, title, count: counts[key] ?? 0, children: [] };
        level.push(node);
      }
      level = node.children;
    });
  }
  return roots;
}
