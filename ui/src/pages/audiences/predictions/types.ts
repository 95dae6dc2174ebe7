import type { Schemas } from "@/api/types";
import type { Audience } from "../common/types";
import type { PredictionDefinition } from "./making";

export interface Interval {
  value: number;
  low: number | null;
  high: number | null;
}

export type PredictionKind = "churn" | "value" | "outcome";

export interface Refusal {
  code: string;
  en: string;
  zh: string;
  hint_en: string | null;
  hint_zh: string | null;
  have: number | null;
  need: number | null;
  leaks: { feature: string; rule: "declared" | "changed" | "separates" | "alone" | "shifted"; figure: number }[];
}

export interface ModelRun {
  id: string;
  at: string;
  milliseconds: number;
  state: "ready" | "refused";
  people: number;
  refusal: Refusal | null;
}

export interface RiskReport {
  kind: "risk";
  as_of: string | null;
  horizon_days: number | null;
  windows: { cutoff: string; until: string; people: number; left: number; used_for: "learning" | "choosing" | "test" }[];
  test: {
    people: number;
    left: number;
    auc: Interval;
    average_precision: number;
    brier: number;
    lift: Interval;
    calibration: { people: number; predicted: number; observed: number; low: number; high: number }[];
  };
  baseline: { feature: string; auc: Interval; better: boolean } | null;
  features: { name: string; en: string; zh: string; auc: number; alone_share: number | null }[];
  levels: { value: string; people: number; least: number | null }[];
}

export interface Tier {
  value: string;
  people: number;
  least: number | null;
  total: number;
}

export interface ValueReport {
  kind: "value";
  as_of: string;
  horizon_days: number;
  people: number;
  repeaters: number;
  parameters: { name: string; value: number; error: number | null }[];
  spend_parameters: { name: string; value: number; error: number | null }[];
  alive: number;
  purchases: Interval;
  value: Interval | null;
  tiers: Tier[];
  back_test: { cutoff: string; until: string; people: number; expected: Interval; actual: number; error_share: number | null; inside: boolean } | null;
  no_back_test: Record<string, string> | null;
  curve: { day: string; expected: number; low: number; high: number; forecast: number | null; actual: number | null }[];
}

export interface ContractReport {
  kind: "contract";
  as_of: string;
  horizon_days: number;
  unit: string;
  people: number;
  there: number;
  parameters: { name: string; value: number; error: number | null }[];
  curve: { renewal: number; survival: number; low: number; high: number; observed: number | null }[];
  value: number;
  tiers: Tier[];
}

export interface PredictionSummary {
  id: string;
  name: string;
  description: string;
  kind: PredictionKind;
  definition: PredictionDefinition;
  refresh: string;
  state: "waiting" | "training" | "ready" | "refused";
  last_run: ModelRun | null;
  auc: Interval | null;
  total: number | null;
  created_at: string;
  refreshed_at: string | null;
  error: Audience["error"];
}

export interface Prediction extends PredictionSummary {
  report: RiskReport | ValueReport | ContractReport | null;
  reported_at: string | null;
}

export interface Foretold {
  score: number;
  value: string;
  figures: Record<string, number | null>;
  reasons: { feature: string; direction: "raises" | "lowers"; size: number; sentence_en: string; sentence_zh: string }[];
  low: number | null;
  high: number | null;
  person: Schemas["PersonBehind"];
}
