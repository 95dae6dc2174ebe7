import { expect, test } from "vitest";
import { definitionOf, FRESH, heldOf, isReady, type PredictionDefinition } from "./making";

const churn: PredictionDefinition = { kind: "churn", active: { events: ["open"] }, horizon_days: 14, purchase: { events: ["buy"] }, revenue: { scope: "event", name: "$revenue" }, ...{ levels: { kind: "risk", high: 0.7, medium: 0.4 } } };

test("what the form does not show is kept", () => {
  const held = heldOf({ name: "Leaving", refresh: "never", definition: churn });
  expect(held).toMatchObject({ kind: "churn", refresh: "never", horizon: 14, selector: { events: ["open"] }, revenue: null });
  const changed = definitionOf({ ...held, horizon: 21 }, churn);
  expect(changed).toEqual({ ...churn, active: { events: ["open"], filter: null }, horizon_days: 21 });
});

test("a contract is none, or in a unit", () => {
  const value: PredictionDefinition = { kind: "value", purchase: { events: ["buy"] }, horizon_days: 90, contract: "month" };
  const held = heldOf({ name: "", refresh: "daily", definition: value });
  expect(held.contract).toBe("month");
  expect(definitionOf(held, value).contract).toBe("month");
  expect(definitionOf({ ...held, contract: "none" }, value).contract).toBeNull();
});

test("features stay as they were declared", () => {
  const known = { property: { scope: "person" as const, name: "age" }, known: "at_cutoff" };
  const outcome: PredictionDefinition = { kind: "outcome", label: { scope: "person", name: "left" }, positive: "yes", features: [known] };
  const held = heldOf({ name: "", refresh: "daily", definition: outcome });
  expect(definitionOf({ ...held, features: ["age", "city"] }, outcome).features).toEqual([known, { property: { scope: "person", name: "city" } }]);
});

test("each kind needs something else", () => {
  expect(isReady(FRESH)).toBe(true);
  expect(isReady({ ...FRESH, kind: "value" })).toBe(false);
  expect(isReady({ ...FRESH, kind: "value", selector: { events: ["buy"] } })).toBe(true);
  expect(isReady({ ...FRESH, kind: "outcome", label: { scope: "person", name: "left" }, positive: "yes" })).toBe(false);
  expect(isReady({ ...FRESH, kind: "outcome", label: { scope: "person", name: "left" }, positive: "yes", features: ["age"] })).toBe(true);
});
