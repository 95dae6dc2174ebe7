import type { Schemas } from "@/api/types";
import type { Query } from "@/query/types";
import { canBeMapped } from "./regions/scale";

export type TrendResult = Schemas["TrendResult"];
export type FunnelResult = Schemas["FunnelResult"];
export type RetentionResult = Schemas["RetentionResult"];
export type LifecycleResult = Schemas["LifecycleResult"];
export type StickinessResult = Schemas["StickinessResult"];
export type SpreadResult = Schemas["DistributionResult"] | Schemas["IntervalsResult"];
export type SessionsResult = Schemas["SessionsResult"];
export type PathsResult = Schemas["PathsResult"];
export type CohortValueResult = Schemas["CohortValueResult"];
export type AdoptionResult = Schemas["AdoptionResult"];
export type EngagementResult = Schemas["EngagementResult"];
export type CorrelationResult = Schemas["FunnelCorrelationResult"];

export type Result =
  | TrendResult
  | FunnelResult
  | RetentionResult
  | LifecycleResult
  | StickinessResult
  | SpreadResult
  | SessionsResult
  | PathsResult
  | CohortValueResult
  | AdoptionResult
  | EngagementResult
  | CorrelationResult;

/** Names one number of a result, to ask for the people behind it. */
export type Selection = Record<string, unknown>;

/** Called with the number that was clicked and what to call it. */
export type OnSelect = (selection: Selection, title: string) => void;

export interface Target {
  value: number;
  label: string;
}

export interface Note {
  day: string;
  text: string;
}

export interface ViewProps<R> {
  result: R;
  query?: Query;
  chart: string | null;
  height: number;
  /** Without it, numbers cannot be clicked. */
  onSelect?: OnSelect;
  /** On a board, where there is no room for tables. */
  small?: boolean;
  targets?: Target[];
  notes?: Note[];
}

/** The kinds of chart that suit a question, the usual one first; a map where the breakdown is by region. */
export function chartsOf(query: Query, result: Result | null): readonly string[] {
  const charts = CHARTS[query.kind] ?? [];
  if (query.kind !== "trend" && query.kind !== "distribution") return charts;
  const known = result?.kind === query.kind ? result : null;
  const groups = known && (known.kind === "trend" ? known.lines : known.groups);
  const values = groups && groups.map(({ breakdown }) => breakdown[0]?.value ?? null);
  return canBeMapped(query.breakdowns, values) ? [...charts, "map"] : charts;
}

const CHARTS: Record<string, readonly string[]> = {
  trend: ["line", "area", "bar", "stacked", "pie", "ranking", "number", "table"],
  funnel: ["funnel", "table"],
  retention: ["triangle", "curve"],
  lifecycle: ["bar", "table"],
  stickiness: ["bar", "table"],
  distribution: ["histogram", "box", "table"],
  intervals: ["histogram", "box", "table"],
  sessions: ["line", "table"],
  paths: ["sankey", "table"],
  cohort_value: ["curve", "triangle"],
  adoption: ["table"],
  engagement: ["matrix"],
  funnel_correlation: ["table"],
};
