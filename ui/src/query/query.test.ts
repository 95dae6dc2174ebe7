import { describe, expect, it, vi } from "vitest";
import { fromAddress, toAddress } from "./address";
import { conditionTypes, finished, freshLeaf, OPERATORS, withOperator } from "./operators";
import { asKind, both, eventsOf, startingQuery } from "./starting";
import { type Filter, KINDS, type Query } from "./types";

const property = { scope: "event", name: "city" } as const;

describe("addresses", () => {
  it("give back every kind of query, in any script", () => {
    for (const kind of KINDS) {
      const query: Query = { ...startingQuery(kind, ["下单", "payé", "view"]), filter: { type: "text", property, operator: "is", values: ["北京", "a+/="] } } as Query;
      expect(fromAddress(toAddress(query))).toEqual(query);
      expect(toAddress(query)).toMatch(/^[\w-]+$/);
    }
  });

  it("that are none are not read", () => {
    for (const text of [null, "", "%%%", "e30", btoa("[1]"), btoa("nothing")]) expect(fromAddress(text)).toBeNull();
  });
});

describe("conditions", () => {
  it("without values are not sent, nor groups of them", () => {
    const empty = freshLeaf(property, "text");
    const full: Filter = { type: "text", property, operator: "is", values: ["x"] };
    expect(finished(empty)).toBeNull();
    expect(finished({ type: "group", op: "or", items: [empty, { type: "group", op: "and", items: [empty] }] })).toBeNull();
    expect(finished({ type: "group", op: "or", items: [empty, full] })).toEqual({ type: "group", op: "or", items: [full] });
    expect(finished(freshLeaf(property, "presence"))).toEqual({ type: "presence", property, operator: "exists" });
  });

  it("keep their values when the operator changes", () => {
    const text = { type: "text", property, operator: "is", values: ["x"] } as const;
    expect(withOperator({ ...text, values: ["x"] }, "list", "has_all")).toEqual({ type: "list", property, operator: "has_all", values: ["x"] });
    const number = { type: "number", property, operator: "gt", value: 5, upper: null } as const;
    expect(withOperator(number, "number", "between")).toMatchObject({ value: 5, upper: 5 });
    expect(withOperator({ ...number, operator: "between", upper: 9 }, "number", "lt")).toMatchObject({ value: 5, upper: null });
  });

  it("of each type are offered for a type of property, also for one that is not known", () => {
    expect(conditionTypes("number")[0]).toBe("number");
    expect(conditionTypes("boolean")[0]).toBe("flag");
    expect(new Set(conditionTypes(null))).toEqual(new Set(Object.keys(OPERATORS)));
  });

  it("are joined with AND", () => {
    const one = freshLeaf(property, "presence");
    expect(both(one, null)).toBe(one);
    expect(both(null, undefined)).toBeNull();
    expect(both(one, one)).toEqual({ type: "group", op: "and", items: [one, one] });
  });
});

describe("first questions", () => {
  it("keep events, period and condition when the kind changes", () => {
    const period = { kind: "current", unit: "month" } as const;
    const trend: Query = { kind: "trend", period, series: [{ selector: { events: ["a"] } }, { selector: { events: ["b"] } }] };
    const funnel = asKind(trend, "funnel", ["z", "a"]);
    expect(eventsOf(funnel)).toEqual(["a", "b", "z"]);
    expect(funnel.period).toEqual(period);
  });

  it("are about days that have events", () => {
    vi.setSystemTime(new Date("2026-11-22T08:00:00Z"));
    expect(startingQuery("trend", ["a"], "2026-11-20").period).toMatchObject({ kind: "last", count: 30 });
    expect(startingQuery("trend", ["a"], "2017-12-31").period).toEqual({ kind: "dates", from_date: "2017-12-02", to_date: "2017-12-31" });
    expect(startingQuery("trend", [], null).period).toMatchObject({ kind: "last" });
    vi.useRealTimers();
  });
});
