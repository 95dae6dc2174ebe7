import type { PropertyRef, Selector } from "@/query/types";
import type { Condition, Figure, Window } from "../conditions/types";

/** Definitions of tags as `/tags` takes them. */
export interface RuleTag {
  kind: "rule";
  cases: { value: string; condition: Condition }[];
  otherwise?: string | null;
}
export const AGGREGATES = ["count", "active_days", "days_since_first", "days_since_last", "sum", "avg", "min", "max", "distinct", "first", "last", "most_frequent"] as const;
export type Aggregate = (typeof AGGREGATES)[number];
export const OF_EVENTS: readonly Aggregate[] = ["count", "active_days", "days_since_first", "days_since_last"];
export const OF_TEXTS: readonly Aggregate[] = ["first", "last", "most_frequent"];
export interface StatisticTag {
  kind: "statistic";
  event: Selector;
  window: Window;
  aggregate: Aggregate;
  property?: PropertyRef | null;
  bins?: { bounds: number[]; names?: string[] | null } | null;
}
export type Cuts = ({ kind: "quantile"; scores: number } | { kind: "mean" } | { kind: "fixed"; cuts: number[] }) & { high_from?: number | null };
export interface RfmTag {
  kind: "rfm";
  event: Selector;
  revenue?: PropertyRef | null;
  window: Window;
  frequency: "count" | "days";
  monetary: "sum" | "mean";
  recency_cuts: Cuts;
  frequency_cuts: Cuts;
  monetary_cuts: Cuts;
}
export interface StageTag {
  kind: "stages";
  active: Selector;
  dormant_after_days: number;
  lost_after_days: number;
  new_days: number;
  of?: Selector | null;
  activity: Figure;
  window_days: number;
  growing_from: number;
  mature_from: number;
}
export interface ScorePart {
  name: string;
  event: Selector;
  figure: Figure;
  weight: number;
  cap: { kind: "percentile"; percent: number } | { kind: "fixed"; value: number };
}
export interface ScoreTag {
  kind: "activity_score";
  window: Window;
  parts: ScorePart[];
  tiers: { cuts: number[]; names: string[] };
}
export interface TierTag {
  kind: "activity_tier";
  score: ScoreTag;
}
export interface SqlTag {
  kind: "sql";
  sql: string;
}
export interface ManualTag {
  kind: "manual";
}
/** Tags by trained models: made and changed on the page of predictions. */
export interface PredictionTag {
  kind: "churn" | "value" | "outcome";
  active?: Selector;
  purchase?: Selector | null;
  horizon_days?: number;
  label?: PropertyRef;
  positive?: string;
}
export type Definition = RuleTag | StatisticTag | RfmTag | StageTag | ScoreTag | TierTag | SqlTag | ManualTag;
export type TagKind = Definition["kind"];
export const KINDS: readonly TagKind[] = ["rule", "statistic", "rfm", "stages", "activity_tier", "activity_score", "sql", "manual"];

/** Whether values come from a trained model. */
export function isPredicted(kind: string): kind is PredictionTag["kind"] {
  return kind === "churn" || kind === "value" || kind === "outcome";
}
