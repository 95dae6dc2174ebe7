import { describe, expect, it } from "vitest";
import { scaleOf, toneOf } from "../common/scale";
import { freshPlan, isFinished, measureOf, tidied } from "../edit/making";
import { freshDefinition, renamed, valueOf } from "./making";

describe("values of flags", () => {
  it("are of their kind or not at all", () => {
    expect(valueOf("boolean", "true")).toBe(true);
    expect(valueOf("boolean", "1")).toBeUndefined();
    expect(valueOf("number", "1.5")).toBe(1.5);
    expect(valueOf("object", "[1]")).toEqual([1]);
    expect(valueOf("object", "null")).toBeUndefined();
    expect(valueOf("string", "true")).toBe("true");
  });

  it("are named anew wherever they are named", () => {
    const changed = renamed(freshDefinition(), "on", "shown");
    expect(JSON.stringify(changed)).not.toContain('"on"');
    expect(changed.environments.production?.rules[0]?.serve).toEqual({ kind: "rollout", shares: [{ variant: "shown", percent: 10 }] });
  });
});

describe("a scale of intervals", () => {
  it("has zero inside and keeps open ends at its edges", () => {
    const scale = scaleOf([{ value: 0.05, low: 0.01, high: null }]);
    expect(scale.zero).toBeGreaterThan(0);
    expect(scale.at(99)).toBe(100);
    expect(scale.at(0)).toBe(scale.zero);
  });

  it("tells good from bad by what is better", () => {
    expect(toneOf({ value: 1, low: 0.5, high: 2 }, "higher")).toBe("good");
    expect(toneOf({ value: 1, low: 0.5, high: 2 }, "lower")).toBe("bad");
    expect(toneOf({ value: 1, low: null, high: 2 }, "lower")).toBe("open");
  });
});

describe("a plan", () => {
  it("keeps costs only of variants and metrics that are there", () => {
    const plan = { ...freshPlan(), costs: { fixed: 1, per_person: { treatment: 2, gone: 3 }, margin: 1, revenue: "metric_1" } };
    expect(tidied(plan).costs).toEqual({ fixed: 1, per_person: { treatment: 2 }, margin: 1, revenue: null });
  });

  it("changes the kind of a metric and keeps its event", () => {
    const event = { events: ["buy"] };
    expect(measureOf("retention", { kind: "proportion", event })).toEqual({ kind: "retention", event, day: 7, days: 7 });
    expect(isFinished(measureOf("ratio", { kind: "proportion", event }))).toBe(false);
  });
});
