import { describe, expect, it } from "vitest";
import { partsOf } from "./parts";
import type { TrendQuery } from "./types";

const query: TrendQuery = {
  kind: "trend",
  series: [{ selector: { events: ["view"] } }, { selector: { events: ["add"] } }, { selector: { events: ["buy"] }, label: "Orders" }],
  formulas: [{ expression: "C / A * 100" }],
};
const rate = {
  id: "m1",
  name: "Rate",
  query: { kind: "trend", series: [{ selector: { events: ["buy"], filter: { type: "flag", property: { name: "new" }, operator: "is_true" } } }, { selector: { events: ["view"] } }], formulas: [{ expression: "A / B" }] },
};
const plain = { id: "m2", name: "Buyers", query: { kind: "trend", series: [{ selector: { events: ["buy"] } }] } };

describe("what a number is computed from", () => {
  it("is the series in its formula, at the same place", () => {
    const parts = partsOf(query, { formula: 0, bucket: "2024-05-01", breakdown: [] }, []);
    expect(parts.map(({ name, selection }) => [name, selection])).toEqual([
      ["A · view", { series: 0, bucket: "2024-05-01", breakdown: [] }],
      ["Orders", { series: 2, bucket: "2024-05-01", breakdown: [] }],
    ]);
  });

  it("is nothing of a series or of a metric that is one", () => {
    expect(partsOf(query, { series: 1, bucket: null }, [])).toEqual([]);
    expect(partsOf({ ...query, series: [{ metric: "m2" }] }, { series: 0 }, [plain])).toEqual([]);
    expect(partsOf({ kind: "engagement" }, { days: 1 }, [])).toEqual([]);
  });

  it("is the series of a metric with a formula, with the conditions of both", () => {
    const narrow = { type: "presence" as const, property: { scope: "event" as const, name: "x" }, operator: "exists" };
    const asked: TrendQuery = { kind: "trend", series: [{ selector: { events: ["view"] } }, { metric: "m1", selector: { filter: narrow } }] };
    const parts = partsOf(asked, { series: 1, bucket: null, breakdown: [] }, [rate, plain]);
    expect(parts.map(({ name }) => name)).toEqual(["Rate: A · buy", "Rate: B · view"]);
    expect(parts.map(({ selection }) => selection.series)).toEqual([1, 2]);
    const [first] = parts;
    const series = (first?.query as TrendQuery).series;
    expect(series.map((each) => each.metric)).toEqual([undefined, undefined, undefined]);
    expect(series[1]?.selector?.filter).toMatchObject({ type: "group", op: "and", items: [{ type: "flag" }, { type: "presence" }] });
    expect(series[2]?.selector?.filter).toEqual(narrow);
  });

  it("is looked for in the metrics of a formula too", () => {
    const asked: TrendQuery = { kind: "trend", series: [{ metric: "m1" }, { metric: "m2" }], formulas: [{ expression: "A + B" }] };
    const parts = partsOf(asked, { formula: 0, bucket: null }, [rate, plain]);
    expect(parts.map(({ name, selection }) => [name, selection.series])).toEqual([["Rate: A · buy", 0], ["Rate: B · view", 1], ["Buyers", 1]]);
  });
});
