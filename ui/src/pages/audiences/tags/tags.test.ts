import { expect, it } from "vitest";
import { freshTag, namesOf, numbersOf, treeOf } from "./making";
import { readyTag } from "./ready";
import { KINDS } from "./types";

it("categories stand below those that they begin with", () => {
  const [value, other] = treeOf({ "": 1, value: 3, "value/spending": 2, visits: 1 });
  expect(value).toMatchObject({ key: "value", count: 3, children: [{ key: "value/spending", title: "spending", count: 2 }] });
  expect(other?.key).toBe("visits");
});

it("numbers ascend, in commas of both languages", () => {
  expect(numbersOf("10，50, 200")).toEqual([10, 50, 200]);
  expect(numbersOf("50, 10")).toBeNull();
  expect(numbersOf("a")).toBeNull();
  expect(namesOf("低、中，高")).toEqual(["低", "中", "高"]);
});

it("a tag is sent only when it is filled in", () => {
  const window = { kind: "ever" } as const;
  const ready = KINDS.filter((kind) => readyTag(freshTag(kind, window, ["a", "b", "c"])) !== null);
  expect(ready).toEqual(["statistic", "rfm", "stages", "activity_tier", "activity_score", "sql", "manual"]);
  const rule = freshTag("rule", window, []);
  if (rule.kind !== "rule") throw new Error("another kind");
  const filled = { ...rule, otherwise: " ", cases: [{ value: " high ", condition: { kind: "share", percent: 10 } as const }] };
  expect(readyTag(filled)).toEqual({ kind: "rule", otherwise: null, cases: [{ value: "high", condition: { kind: "all", items: [{ kind: "share", percent: 10 }] } }] });
});
