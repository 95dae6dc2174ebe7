import type { Filter, Period, PropertyRef, Selector } from "@/query/types";

/** Conditions on people as `/audiences` takes them; the API's own words. */
export type SpanUnit = "minute" | "hour" | "day" | "week";
export type DateUnit = "day" | "week" | "month" | "quarter" | "year";

export type Window =
  | { kind: "ever" }
  | { kind: "rolling"; span: { count: number; unit: SpanUnit } }
  | { kind: "ago"; from_days: number; to_days: number }
  | { kind: "since"; from_date: string }
  | Period;

export type Figure =
  | { kind: "count" }
  | { kind: "active" | "in_a_row"; unit: DateUnit }
  | { kind: "property"; property: PropertyRef; aggregate: "sum" | "avg" | "min" | "max" | "distinct" };

export const COMPARISONS = ["gte", "lte", "eq", "ne", "gt", "lt", "between"] as const;
export interface Comparison {
  operator: (typeof COMPARISONS)[number];
  value: number;
  upper?: number | null;
}

/** A filter that is being written may be missing still. */
export type Has = { kind: "has"; filter: Filter | null };
export type Did = { kind: "did"; event: Selector; window: Window; figure: Figure; compare: Comparison };
export type Occurrence = { kind: "occurrence"; which: "first" | "last"; event: Selector; window: Window; filter?: Filter | null };
export type Sequence = { kind: "sequence"; steps: Selector[]; within?: { count: number; unit: SpanUnit } | null; window: Window };
/** The yearly day of a date is so many days after today; less than 0: before. */
export type Anniversary = { kind: "anniversary"; property: PropertyRef; from_days: number; to_days: number };
export type Listed = { kind: "listed"; distinct_ids: string[] };
export type Share = { kind: "share"; percent: number; salt?: string };
export type Leaf = Has | Did | Occurrence | Sequence | Anniversary | Listed | Share;
export type Group = { kind: "all" | "any"; items: Condition[] };
export type Negated = { kind: "not"; item: Condition };
export type Condition = Leaf | Group | Negated;
export type LeafKind = Leaf["kind"];
