import i18next from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import { en } from "@/i18n/en";
import { zh } from "@/i18n/zh";
import { combined } from "./combining";
import { fresh, placeOf, readyOf, referredTo } from "./making";
import { sentenceOf, type Words } from "./sentence";
import type { Condition } from "./types";

const bought: Condition = { kind: "did", event: { events: ["buy"], filter: null }, window: { kind: "last", count: 30, unit: "day", include_current: true }, figure: { kind: "count" }, compare: { operator: "gte", value: 2 } };
const empty = fresh("property");
const city: Condition = { kind: "has", filter: { type: "text", property: { scope: "person", name: "city" }, operator: "is", values: ["上海"] } };

describe("what is ready of a condition", () => {
  it("leaves out what is not filled in, and knows where the rest was written", () => {
    const ready = readyOf({ kind: "all", items: [empty, bought, { kind: "not", item: { kind: "any", items: [empty, city] } }] });
    expect(ready.condition).toEqual({ kind: "all", items: [bought, { kind: "not", item: { kind: "any", items: [city] } }] });
    expect(ready.unfinished).toEqual(["condition.items[0]", "condition.items[2].item.items[0]"]);
    expect(placeOf("condition.items[0].event.events[0]", ready.places)).toBe("condition.items[1]");
    expect(placeOf("condition.items[1].item.items[0].filter", ready.places)).toBe("condition.items[2].item.items[1]");
    expect(placeOf("people.condition.all.items[1].not.item.any.items[0].has.filter", ready.places)).toBe("condition.items[2].item.items[1]");
    expect(placeOf("name", ready.places)).toBeNull();
  });

  it("is nothing while nothing is filled in", () => {
    expect(readyOf({ kind: "all", items: [empty] }).condition).toBeNull();
    expect(readyOf({ kind: "all", items: [] }).unfinished).toEqual([]);
  });
});

describe("a condition in words", () => {
  const spoken: Record<string, Words> = {};
  beforeAll(async () => {
    for (const lng of ["zh", "en"]) {
      const instance = i18next.createInstance();
      await instance.init({ lng, resources: { zh: { translation: zh }, en: { translation: en } }, interpolation: { escapeValue: false } });
      spoken[lng] = { t: instance.t as Words["t"], nameOf: (ref) => (ref.name === "a1" ? "VIP" : ref.name), number: String };
    }
  });
  const said = (condition: Condition) => ["zh", "en"].map((each) => sentenceOf(condition, spoken[each] as Words));

  it.each([
    [bought, "最近30天内做“buy”至少2次", "did “buy” at least 2 times in the last 30 days"],
    [{ kind: "not", item: { ...bought, compare: { operator: "gte", value: 1 } } }, "最近30天内没有做过“buy”", "did not do “buy” in the last 30 days"],
    [{ kind: "any", items: [city, { kind: "all", items: [bought, combined("union", ["a1"], "a1")] }] }, "city为“上海”，或者（最近30天内做“buy”至少2次，并且在人群“VIP”中）", "city is “上海” or (did “buy” at least 2 times in the last 30 days and is in “VIP”)"],
    [{ ...bought, figure: { kind: "active", unit: "week" }, compare: { operator: "eq", value: 1 }, window: { kind: "ever" } }, "有恰好1周做过“buy”", "did “buy” on exactly 1 week"],
    [{ kind: "sequence", steps: [{ events: ["add"] }, { events: ["buy"] }], within: { count: 3, unit: "day" }, window: { kind: "ever" } }, "在3天内依次做过 “add” → “buy”", "did “add”, then “buy” within 3 days"],
    [{ kind: "anniversary", property: { scope: "person", name: "birthday" }, from_days: 0, to_days: 0 }, "今天是“birthday”的周年日", "has the anniversary of birthday today"],
    [{ kind: "anniversary", property: { scope: "person", name: "birthday" }, from_days: 7, to_days: 7 }, "7天后是“birthday”的周年日", "has the anniversary of birthday in 7 days"],
    [{ kind: "anniversary", property: { scope: "person", name: "birthday" }, from_days: -1, to_days: -1 }, "1天前是“birthday”的周年日", "had the anniversary of birthday 1 day ago"],
    [{ kind: "anniversary", property: { scope: "person", name: "birthday" }, from_days: -3, to_days: 7 }, "“birthday”的周年日在今天起第 -3 至 7 天", "has the anniversary of birthday from -3 to 7 days after today"],
    [{ kind: "share", percent: 10 }, "随机抽取的 10%", "is in a random 10 %"],
  ] as [Condition, string, string][])("%#", (condition, chinese, english) => {
    expect(said(condition)).toEqual([chinese, english]);
  });
});

it("a difference is being in one and in none of the others", () => {
  const condition = combined("minus", ["a1", "a2", "a3"], "a2");
  expect(referredTo(condition).map((each) => each.name)).toEqual(["a2", "a1", "a3"]);
  expect(condition.kind === "all" && condition.items.map((each) => each.kind)).toEqual(["has", "not", "not"]);
});
