import type { Schemas } from "@/api/types";

/** The values that `/query` takes, as these pages make them: what is left out has the server's default. */
export type PropertyRef = Schemas["PropertyRef"];
export type BreakdownValue = Schemas["BreakdownValue"];
export type Period = Schemas["Dates"] | Schemas["Last"] | Schemas["Current"];

export const INTERVALS = ["hour", "day", "week", "month", "quarter", "year"] as const;
export type Interval = (typeof INTERVALS)[number];

export interface Breakdown {
  property: PropertyRef;
  top_n?: number;
  bounds?: number[] | null;
}

export type Leaf =
  | { type: "text"; property: PropertyRef; operator: string; values: string[]; ignore_case?: boolean }
  | { type: "number"; property: PropertyRef; operator: string; value: number; upper?: number | null }
  | { type: "time"; property: PropertyRef; operator: string; at: string; until?: string | null }
  | { type: "recency"; property: PropertyRef; operator: string; count: number; unit?: string }
  | { type: "list"; property: PropertyRef; operator: string; values: string[] }
  | { type: "flag"; property: PropertyRef; operator: string }
  | { type: "presence"; property: PropertyRef; operator: string };

export interface Group {
  type: "group";
  op: "and" | "or";
  items: Filter[];
}
export type Filter = Leaf | Group;

export interface Selector {
  events?: string[];
  filter?: Filter | null;
  label?: string | null;
}

export type Measure =
  | { kind: "count" | "people" | "per_person" | "sessions" | "first_ever" }
  | { kind: "property"; property: PropertyRef; aggregate: string; percentile?: number };

export interface Series {
  selector?: Selector;
  measure?: Measure;
  label?: string | null;
  metric?: string | null;
}

interface Base<Kind extends string> {
  kind: Kind;
  period?: Period;
  filter?: Filter | null;
  sample?: number | null;
}

export interface TrendQuery extends Base<"trend"> {
  series: Series[];
  formulas?: { expression: string; label?: string | null }[];
  interval?: Interval;
  breakdowns?: Breakdown[];
  compare?: "previous_period" | "year_ago" | null;
  moving_average?: number | null;
  cumulative?: boolean;
}

export interface FunnelStep {
  selector: Selector;
  optional?: boolean;
}

export interface FunnelQuery extends Base<"funnel"> {
  steps: FunnelStep[];
  order?: "ordered" | "strict" | "unordered";
  window?: { count: number; unit: string };
  window_from?: "first_step" | "previous_step" | "session";
  exclusions?: { selector: Selector; after_step?: number; before_step?: number | null }[];
  hold?: PropertyRef | null;
  breakdown?: (Breakdown & { touch?: string; step?: number | null }) | null;
  over_time?: Interval | null;
  conversion_time?: { bin_seconds?: number | null; bins?: number } | null;
}

export interface RetentionQuery extends Base<"retention"> {
  start?: Selector;
  back?: Selector;
  cohort?: "first_time" | "recurring";
  interval?: Interval;
  returning?:
    | { kind: "on" | "on_or_after"; ages: number }
    | { kind: "rolling"; ages: number; window: number }
    | { kind: "brackets"; ranges: { first: number; last?: number | null }[] };
  measure?: Measure;
  breakdowns?: Breakdown[];
}

export interface PathsQuery extends Base<"paths"> {
  selector?: Selector;
  node?: PropertyRef;
  anchor?: Selector | null;
  direction?: "from" | "to" | "around";
  occurrence?: "first" | "last";
  window_seconds?: number | null;
  collapse?: boolean;
  steps?: number;
  top_n?: number;
}

export interface LifecycleQuery extends Base<"lifecycle"> {
  active?: Selector;
  interval?: Interval;
  breakdowns?: Breakdown[];
}

export interface StickinessQuery extends Base<"stickiness"> {
  active?: Selector;
  interval?: Interval;
  per?: Interval | null;
  breakdowns?: Breakdown[];
}

export interface DistributionQuery extends Base<"distribution"> {
  selector?: Selector;
  measure?: "times" | "days" | "sum";
  property?: PropertyRef | null;
  interval?: Interval | null;
  bounds?: number[];
  breakdowns?: Breakdown[];
}

export interface IntervalsQuery extends Base<"intervals"> {
  start: Selector;
  end: Selector;
  counted_from?: "last" | "first";
  interval?: Interval | null;
  breakdowns?: Breakdown[];
}

export interface SessionsQuery extends Base<"sessions"> {
  selector?: Selector;
  interval?: Interval;
  page?: PropertyRef;
  breakdown?: Breakdown | null;
}

export interface CohortValueQuery extends Base<"cohort_value"> {
  start?: Selector;
  paying?: Selector;
  value?: PropertyRef;
  interval?: Interval;
  ages?: number;
  breakdowns?: Breakdown[];
}

export interface AdoptionQuery extends Base<"adoption"> {
  features?: Selector[];
  among?: Selector;
  interval?: Interval;
  top_n?: number;
}

export interface EngagementQuery extends Base<"engagement"> {
  selector?: Selector;
  interval?: Interval;
}

export interface CorrelationQuery extends Base<"funnel_correlation"> {
  funnel: FunnelQuery;
  events?: boolean;
  properties?: PropertyRef[];
  min_people?: number;
}

export type Query =
  | TrendQuery
  | FunnelQuery
  | RetentionQuery
  | PathsQuery
  | LifecycleQuery
  | StickinessQuery
  | DistributionQuery
  | IntervalsQuery
  | SessionsQuery
  | CohortValueQuery
  | AdoptionQuery
  | EngagementQuery
  | CorrelationQuery;
export type Kind = Query["kind"];
export type QueryOf<K extends Kind> = Extract<Query, { kind: K }>;

export const KINDS: readonly Kind[] = [
  "trend",
  "funnel",
  "retention",
  "paths",
  "lifecycle",
  "stickiness",
  "distribution",
  "intervals",
  "sessions",
  "cohort_value",
  "adoption",
  "engagement",
  "funnel_correlation",
];
