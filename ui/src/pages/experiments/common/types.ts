import type { Got, Schemas } from "@/api/types";
import type { Condition } from "@/pages/audiences/conditions/types";
import type { PropertyRef, Selector } from "@/query/types";

/** Experiments as the API has them; plans in the words that these pages write them in. */
export type Status = "draft" | "running" | "stopped" | "decided";
export interface Span {
  count: number;
  unit: "minute" | "hour" | "day" | "week";
}
export interface Figure {
  event: Selector;
  property?: PropertyRef | null;
}
export type Measure =
  | { kind: "proportion"; event: Selector; times?: number }
  | { kind: "mean"; figure: Figure; cap?: number | null; cap_percentile?: number | null }
  | { kind: "ratio"; numerator: Figure; denominator: Figure }
  | { kind: "retention"; event: Selector; day: number; days: number }
  | { kind: "funnel"; steps: Selector[]; within?: Span | null }
  | { kind: "quantile"; figure: Figure; percentile: number; only_above_zero?: boolean };
export const MEASURES = ["proportion", "mean", "ratio", "retention", "funnel", "quantile"] as const;
export type MeasureKind = (typeof MEASURES)[number];

export const ROLES = ["primary", "secondary", "guard_rail"] as const;
export interface Metric {
  key: string;
  name: string;
  role: (typeof ROLES)[number];
  better: "higher" | "lower";
  measure: Measure;
  delay?: Span | null;
  window?: Span | null;
  margin: number;
}

export type Source = { kind: "exposed" } | { kind: "assigned" } | { kind: "event"; event: Selector; variant: PropertyRef };
export interface Variant {
  key: string;
  name: string;
  weight: number;
}
export interface Costs {
  fixed: number;
  per_person: Record<string, number>;
  margin: number;
  revenue: string | null;
}
export interface Plan {
  source: Source;
  variants: Variant[];
  control: string;
  eligible: Condition | null;
  traffic: number;
  layer_id: string | null;
  respects_holdout: boolean;
  metrics: Metric[];
  segments: PropertyRef[];
  pre_days: number;
  looks: "any_time" | "once";
  confidence: number;
  expected_people: number;
  correction: "holm" | "benjamini_hochberg" | "none";
  bandit: { every_hours: number; least_share: number } | null;
  read_daily: boolean;
  costs: Costs | null;
}
type ExperimentOutput = Got<"/api/projects/{project_id}/experiments/{experiment_id}">;
export type Experiment = Omit<ExperimentOutput, "plan"> & { plan: Plan };
export type LastLook = NonNullable<ExperimentOutput["last"]>;

export type Look = Got<"/api/projects/{project_id}/experiments/{experiment_id}/looks">["items"][number];
export type Reading = Look["reading"];
export type MetricReading = Reading["metrics"][number];
export type Effect = MetricReading["effects"][number];
export type Range = NonNullable<Effect["difference"]>;
export type Outcome = Reading["verdict"]["outcome"];
export type Course = Got<"/api/projects/{project_id}/experiments/{experiment_id}/course">[number];
export type Layer = Schemas["LayerOutput"];
export type ReturnOf = Got<"/api/projects/{project_id}/experiments/{experiment_id}/returns">[number];

const SHARES: readonly string[] = ["proportion", "retention", "funnel"];

/** Whether each person counts with 0 or 1. */
export function isShare(kind: string): boolean {
  return SHARES.includes(kind);
}
