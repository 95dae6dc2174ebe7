import { expect, test } from "vitest";
import { moved, suggestedOrder } from "./order";

const values = (...names: string[]) => names.map((value) => ({ value }));

test("stages go from mature to lost, whoever is in them", () => {
  expect(suggestedOrder({ kind: "stages", definition: {}, values: values("lost", "mature") })).toEqual(["mature", "growing", "onboarding", "dormant", "lost"]);
});

test("a risk is worse the higher it is, a value is better", () => {
  expect(suggestedOrder({ kind: "churn", definition: {}, values: [] })).toEqual(["low", "medium", "high"]);
  expect(suggestedOrder({ kind: "value", definition: {}, values: [] })[0]).toBe("top");
});

test("tiers with names of their own go from the highest score down", () => {
  const definition = { kind: "activity_tier", score: { tiers: { cuts: [40], names: ["cold", "warm"] } } };
  expect(suggestedOrder({ kind: "activity_tier", definition, values: values("cold") })).toEqual(["warm", "cold"]);
});

test("values of rules come in the order of the rules, then those that are held besides, everyone else last", () => {
  const definition = { kind: "rule", cases: [{ value: "gold" }, { value: "silver" }], otherwise: "none" };
  expect(suggestedOrder({ kind: "rule", definition, values: values("none", "bronze", "silver") })).toEqual(["gold", "silver", "bronze", "none"]);
});

test("a value moves by one place, and not beyond the ends", () => {
  expect(moved(["a", "b", "c"], 2, -1)).toEqual(["a", "c", "b"]);
  expect(moved(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
  expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
  expect(moved(["a", "b"], 1, 1)).toEqual(["a", "b"]);
});
