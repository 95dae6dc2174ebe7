import type { Figure, Measure, MeasureKind, Metric, Plan, Span } from "../common/types";

const NO_EVENT = { events: [] as string[] };
export const WEEK: Span = { count: 7, unit: "day" };

function figure(of?: Figure): Figure {
  return of ?? { event: NO_EVENT, property: null };
}

/** A measure of a kind, about the events of another. */
export function measureOf(kind: MeasureKind, before?: Measure): Measure {
  const event = before ? firstEvent(before) : NO_EVENT;
  const held = before && "figure" in before ? before.figure : { event, property: null };
  switch (kind) {
    case "proportion":
      return { kind, event, times: 1 };
    case "mean":
      return { kind, figure: held, cap: null, cap_percentile: null };
    case "ratio":
      return { kind, numerator: held, denominator: figure() };
    case "retention":
      return { kind, event, day: 7, days: 7 };
    case "funnel":
      return { kind, steps: [event, NO_EVENT], within: null };
    case "quantile":
      return { kind, figure: held, percentile: 50, only_above_zero: false };
  }
}

function firstEvent(measure: Measure) {
  if ("event" in measure) return measure.event;
  if ("figure" in measure) return measure.figure.event;
  if ("numerator" in measure) return measure.numerator.event;
  return measure.steps[0] ?? NO_EVENT;
}

/** A key that no other metric has. */
export function freshKey(metrics: readonly Metric[]): string {
  for (let number = metrics.length + 1; ; number += 1) {
    const key = `metric_${number}`;
    if (!metrics.some((each) => each.key === key)) return key;
  }
}

export function freshMetric(metrics: readonly Metric[]): Metric {
  return { key: freshKey(metrics), name: "", role: metrics.some((each) => each.role === "primary") ? "secondary" : "primary", better: "higher", measure: measureOf("proportion"), delay: null, window: WEEK, margin: 0.02 };
}

export function freshPlan(): Plan {
  return {
    source: { kind: "exposed" },
    variants: [
      { key: "control", name: "", weight: 1 },
      { key: "treatment", name: "", weight: 1 },
    ],
    control: "control",
    eligible: null,
    traffic: 100,
    layer_id: null,
    respects_holdout: true,
    metrics: [freshMetric([])],
    segments: [],
    pre_days: 14,
    looks: "any_time",
    confidence: 0.95,
    expected_people: 10_000,
    correction: "holm",
    bandit: null,
    read_daily: true,
    costs: null,
  };
}

/** Whether a measure says everything that it has to. */
export function isFinished(measure: Measure): boolean {
  const named = (figure: Figure) => Boolean(figure.event.events?.length || figure.event.filter);
  switch (measure.kind) {
    case "proportion":
    case "retention":
      return Boolean(measure.event.events?.length || measure.event.filter);
    case "mean":
    case "quantile":
      return named(measure.figure);
    case "ratio":
      return named(measure.numerator) && named(measure.denominator);
    case "funnel":
      return measure.steps.length > 1 && measure.steps.every((step) => step.events?.length);
  }
}

/** The plan without what its kind does not have, and costs only of what is there. */
export function tidied(plan: Plan): Plan {
  const keys = new Set(plan.variants.map((each) => each.key));
  const metrics = plan.metrics.map((each) => (each.measure.kind === "retention" ? { ...each, window: null, delay: null } : each));
  const means = new Set(metrics.filter((each) => each.measure.kind === "mean").map((each) => each.key));
  const costs = plan.costs && {
    ...plan.costs,
    per_person: Object.fromEntries(Object.entries(plan.costs.per_person).filter(([key, cost]) => keys.has(key) && cost > 0)),
    revenue: plan.costs.revenue && means.has(plan.costs.revenue) ? plan.costs.revenue : null,
  };
  return { ...plan, metrics, costs, control: keys.has(plan.control) ? plan.control : (plan.variants[0]?.key ?? "") };
}
