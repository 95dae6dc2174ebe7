import { finished } from "@/query/operators";
import type { PropertyRef, Selector } from "@/query/types";
import type { PredictionKind } from "./types";

export type Contract = "none" | "month" | "year";

/** A prediction while it is written. */
export interface Held {
  name: string;
  kind: PredictionKind;
  refresh: "never" | "daily";
  selector: Selector;
  revenue: PropertyRef | null;
  horizon: number;
  contract: Contract;
  label: PropertyRef | null;
  positive: string;
  features: string[];
}

interface Feature {
  property: PropertyRef;
}

/** A definition as the server has it; what the form does not show is kept. */
export interface PredictionDefinition {
  kind: PredictionKind;
  active?: Selector;
  purchase?: Selector | null;
  revenue?: PropertyRef | null;
  horizon_days?: number;
  contract?: string | null;
  label?: PropertyRef;
  positive?: string;
  features?: Feature[];
}

export const FRESH: Held = { name: "", kind: "churn", refresh: "daily", selector: { events: [] }, revenue: null, horizon: 30, contract: "none", label: null, positive: "", features: [] };

/** The horizon that a kind begins with. */
export function usualHorizon(kind: PredictionKind): number {
  return kind === "value" ? 90 : 30;
}

/** A kept prediction as it is written anew. */
export function heldOf(prediction: { name: string; refresh: string; definition: PredictionDefinition }): Held {
  const { name, definition } = prediction;
  const { kind, contract } = definition;
  return {
    name,
    kind,
    refresh: prediction.refresh === "never" ? "never" : "daily",
    selector: (kind === "value" ? definition.purchase : definition.active) ?? { events: [] },
    revenue: kind === "value" ? (definition.revenue ?? null) : null,
    horizon: definition.horizon_days ?? usualHorizon(kind),
    contract: contract === "month" || contract === "year" ? contract : "none",
    label: definition.label ?? null,
    positive: definition.positive ?? "",
    features: (definition.features ?? []).map((each) => each.property.name),
  };
}

/** Whether everything that a kind needs is there. */
export function isReady(held: Held): boolean {
  switch (held.kind) {
    case "churn":
      return true;
    case "value":
      return (held.selector.events ?? []).length > 0;
    case "outcome":
      return held.label !== null && held.positive !== "" && held.features.length > 0;
  }
}

/** The definition that was written; what is not in the form is as it was before. */
export function definitionOf({ kind, selector, revenue, horizon, contract, label, positive, features }: Held, before?: PredictionDefinition): PredictionDefinition {
  const events = { ...selector, filter: finished(selector.filter) };
  switch (kind) {
    case "churn":
      return { ...before, kind, active: events, horizon_days: horizon };
    case "value":
      return { ...before, kind, purchase: events, revenue, horizon_days: horizon, contract: contract === "none" ? null : contract };
    case "outcome":
      return { ...before, kind, label: label ?? before?.label, positive, features: features.map((name) => before?.features?.find((each) => each.property.name === name) ?? { property: { scope: "person", name } }) };
  }
}
