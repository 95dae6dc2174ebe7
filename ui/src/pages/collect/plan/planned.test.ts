import { describe, expect, it } from "vitest";
import { changedProperties, choicesOf, firstFault, newProperty, rulesText } from "./planned";

const property = (name: string, more = {}) => ({ ...newProperty(), name, ...more });

describe("choicesOf", () => {
  it("makes numbers and flags of them where the type says so", () => {
    expect(choicesOf(["1", " 2.5 ", ""], "number")).toEqual([1, 2.5]);
    expect(choicesOf(["true", "false"], "flag")).toEqual([true, false]);
    expect(choicesOf(["1"], "text")).toEqual(["1"]);
    expect(choicesOf([" "], "text")).toBeNull();
  });
});

describe("changedProperties", () => {
  it("sends what was changed or added, without what traffic showed", () => {
    const seen = { seen: { count: 3, first_ms: 1, last_ms: 2 }, seen_types: { text: 3 } };
    const before = [property("a", seen), property("b", seen)];
    const after = [property("a", seen), property("b", { ...seen, required: true }), property("c")];
    expect(changedProperties(before, after)).toEqual([property("b", { required: true }), property("c")]);
  });
});

describe("firstFault", () => {
  it("finds what the server would refuse", () => {
    expect(firstFault([property("a")])).toBeNull();
    expect(firstFault([property("a"), property(" ")])).toEqual({ kind: "name", place: 1 });
    expect(firstFault([property("a", { minimum: 2, maximum: 1 })])).toEqual({ kind: "range", place: 0 });
    expect(firstFault([property("a", { pattern: "(" })])).toEqual({ kind: "pattern", place: 0 });
    expect(firstFault([property("a", { pattern: "(?P<year>\\d{4})" })])).toBeNull();
  });
});

describe("rulesText", () => {
  it("says every rule", () => {
    expect(rulesText(property("a", { choices: ["x", "y"], minimum: 0, maximum: 9 }))).toBe("∈ {x, y}  ≥ 0  ≤ 9");
  });
});
