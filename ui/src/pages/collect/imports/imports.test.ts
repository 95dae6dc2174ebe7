import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { completed, faultsOf, pruned, roleOf, ruleOf, withKind, withRole, withRule } from "./mapping";
import { figuresOf, type FileImport, isActive, shareDone } from "./jobs";

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

describe("imports", () => {
  const one = (given: Partial<FileImport>) => ({ state: "running", done: 0, total: null, ...given }) as FileImport;

  it("are active while anything happens to them", () => {
    expect((["queued", "running", "undoing"] as const).map((state) => isActive(one({ state })))).toEqual([true, true, true]);
    expect((["succeeded", "failed", "cancelled", "undone", "undo_stopped"] as const).some((state) => isActive(one({ state })))).toBe(false);
  });

  it("are not done before they are", () => {
    expect(shareDone(one({ done: 999, total: 1000 }))).toBe(99);
    expect(shareDone(one({ done: 5 }))).toBe(0);
    expect(shareDone(one({ state: "succeeded" }))).toBe(100);
  });

  it("say figures in their note", () => {
    expect(figuresOf("rows=10 accepted=9 people")).toEqual({ rows: 10, accepted: 9 });
    expect(figuresOf(null)).toEqual({});
  });
});
