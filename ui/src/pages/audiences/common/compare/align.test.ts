import { expect, test } from "vitest";
import { aligned, type Line, type Pair } from "./align";

const lines = (...texts: string[]): Line[] => texts.map((text) => ({ text, depth: 0 }));
const shown = (pairs: readonly Pair[]) => pairs.map((pair) => [pair.before?.text ?? "", pair.after?.text ?? "", pair.change]);

test("what stays stands side by side, what took another's place beside it", () => {
  expect(shown(aligned(lines("bought", "lives in Paris", "is new"), lines("bought", "lives in Lyon", "is new")))).toEqual([
    ["bought", "bought", "same"],
    ["lives in Paris", "lives in Lyon", "changed"],
    ["is new", "is new", "same"],
  ]);
});

test("what was added or removed stands alone", () => {
  expect(shown(aligned(lines("a", "b"), lines("a", "x", "b", "c")))).toEqual([
    ["a", "a", "same"],
    ["", "x", "added"],
    ["b", "b", "same"],
    ["", "c", "added"],
  ]);
  expect(shown(aligned(lines("a", "b"), lines("b")))).toEqual([
    ["a", "", "removed"],
    ["b", "b", "same"],
  ]);
});

test("the same condition further inside of a group is another one", () => {
  expect(aligned([{ text: "a", depth: 0 }], [{ text: "a", depth: 1 }])[0]?.change).toBe("changed");
});

test("of nothing everything is added, and of both nothing there is nothing", () => {
  expect(shown(aligned([], lines("a")))).toEqual([["", "a", "added"]]);
  expect(aligned([], [])).toEqual([]);
});

test("every line of both is there once and in order, however they differ", () => {
  const letters = ["a", "b", "c"];
  let state = 7;
  const draw = (below: number) => (state = (state * 1103515245 + 12345) % 2147483648) % below;
  for (let round = 0; round < 200; round++) {
    const before = lines(...Array.from({ length: draw(7) }, () => letters[draw(3)] ?? "a"));
    const after = lines(...Array.from({ length: draw(7) }, () => letters[draw(3)] ?? "a"));
    const pairs = aligned(before, after);
    expect(pairs.flatMap((pair) => pair.before ?? [])).toEqual(before);
    expect(pairs.flatMap((pair) => pair.after ?? [])).toEqual(after);
    expect(pairs.every((pair) => (pair.change === "same") === (pair.before?.text === pair.after?.text && pair.before !== null) || pair.change === "changed")).toBe(true);
  }
});
