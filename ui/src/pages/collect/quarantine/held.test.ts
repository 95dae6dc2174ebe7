import { describe, expect, it } from "vitest";
import { groupedByReason, mergePatched, type ReasonCount } from "./held";

const part = (reason: string, event: string, count: number): ReasonCount => ({ reason, event, source: "web", status: "held", count, times: count, first_at: "", last_at: "" });

describe("groupedByReason", () => {
  it("sums each reason and puts the most frequent first", () => {
    const groups = groupedByReason([part("time_invalid", "a", 2), part("property_type", "a", 3), part("property_type", "b", 5)]);
    expect(groups.map(({ reason, count }) => [reason, count])).toEqual([
      ["property_type", 8],
      ["time_invalid", 2],
    ]);
    expect(groups[0]?.parts.map((each) => each.event)).toEqual(["b", "a"]);
  });
});

describe("mergePatched", () => {
  // The examples of RFC 7396, appendix A.
  it.each([
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [["a", "b"], ["c", "d"], ["c", "d"]],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: "b", c: null }, { a: "b" }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])("%j with %j is %j", (target, patch, result) => {
    expect(mergePatched(target, patch)).toEqual(result);
  });
});
