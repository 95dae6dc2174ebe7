import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { completed, faultsOf, pruned, roleOf, ruleOf, withKind, withRole, withRule } from "./mapping";
import { decoded, delimiterOf, dirtOf, isTime, parsed } from "./preview";

const YAML = `
event: {constant: order}
distinct_id: {columns: [user]}
time: {columns: [at], timezone: Asia/Shanghai}
properties:
- {name: amount, column: money, type: number}
- {name: paid, column: paid, type: boolean}
`;
const mapping = () => completed(parse(YAML));

describe("mapping", () => {
  it("is the same after it was written and read again", () => {
    expect(pruned(mapping())).toEqual(parse(YAML));
    expect(completed(pruned(mapping()))).toEqual(mapping());
  });

  it("gives a column another role and takes the old one", () => {
    const changed = withRole(mapping(), "money", "person", "UTC");
    expect(roleOf(changed, "money")).toBe("person");
    expect(ruleOf(changed, "money")?.type).toBe("number");
    expect(changed.properties.map((rule) => rule.column)).toEqual(["paid"]);
    expect(roleOf(withRole(mapping(), "user", "skip", "UTC"), "user")).toBe("skip");
    expect(withRole(mapping(), "kind", "event", "UTC").event).toEqual({ column: "kind", values: {} });
  });

  it("names what is missing", () => {
    expect(faultsOf(mapping())).toEqual([]);
    expect(faultsOf(withRole(mapping(), "user", "skip", "UTC"))).toEqual(["noPerson"]);
    expect(faultsOf(withRole(mapping(), "at", "skip", "UTC"))).toEqual(["noTime"]);
    expect(faultsOf(withKind(withKind(mapping(), "people"), "events"))).toEqual(["noEvent", "noTime"]);
    expect(faultsOf(withKind(mapping(), "people"))).toEqual([]);
  });

  it("keeps the properties when a file turns out to be about people", () => {
    const people = withKind(mapping(), "people");
    expect(people.person.map((rule) => rule.name)).toEqual(["amount", "paid"]);
    expect([people.event, people.time, people.properties]).toEqual([null, null, []]);
  });

  it("renames and retypes a property", () => {
    expect(ruleOf(withRule(mapping(), "money", { name: "$revenue", type: "text" }), "money")).toMatchObject({ name: "$revenue", type: "text", column: "money" });
  });

  it("is not made of a text", () => expect(() => completed("x")).toThrow());
});

describe("preview", () => {
  it("reads quotes, doubled quotes and line breaks in cells", () => {
    expect(parsed('a,b\r\n"x, ""y""\nz",2\n\n3,4', ",", 10)).toEqual([["a", "b"], ['x, "y"\nz', "2"], ["3", "4"]]);
    expect(parsed("a\n1\n2\n3", ",", 2)).toEqual([["a"], ["1"]]);
  });

  it("finds delimiter and encoding", () => {
    expect(delimiterOf("a;b;c\n1,5;2;3")).toBe(";");
    expect(delimiterOf("a\tb")).toBe("\t");
    expect(decoded(new Uint8Array([0xd6, 0xd0, 0xce, 0xc4]))).toBe("中文");
    expect(decoded(new TextEncoder().encode("中文").slice(0, 5))).toBe("中");
  });

  it("knows times of the usual forms", () => {
    for (const text of ["2026-10-01 10:20:00", "20261001", "2026年10月1日", "1790000000", "01/02/2026", "2026-10-01T10:20:00Z"]) expect(isTime(text), text).toBe(true);
    for (const text of ["不详", "n/a", "O12"]) expect(isTime(text), text).toBe(false);
  });

  it("marks cells that cannot be read, and rows without person or time", () => {
    const header = ["user", "at", "money", "paid"];
    const dirt = (...row: string[]) => [...dirtOf(row, header, mapping())];
    expect(dirt("u1", "2026-10-01", "¥1,200.50", "是")).toEqual([]);
    expect(dirt("u1", "2026-10-01", "", "NULL")).toEqual([]);
    expect(dirt("u1", "2026-10-01", "一百", "maybe")).toEqual([[2, "number"], [3, "boolean"]]);
    expect(dirt("", "不详", "1", "no")).toEqual([[1, "time"], [0, "person"]]);
    expect(dirt("u1", "", "1", "no")).toEqual([[1, "timeMissing"]]);
    expect(dirt("u1", "2026-10-01", "1")).toEqual([[2, "width"]]);
  });
});
