import { describe, expect, it } from "vitest";
import type { Run } from "../common/types";
import { linesOf } from "./lines";
import { inBands } from "./moves";

const after = (sizes: Record<string, number>, people = Object.values(sizes).reduce((sum, each) => sum + each, 0)) => ({ sizes, people }) as Run;
const numbers = (from: number, to: number, people = 1) => Object.fromEntries(Array.from({ length: to - from }, (_, place) => [String(from + place), people]));

describe("lines over runs", () => {
  it("are the most frequent values, ten at most, nobody where a run has them not", () => {
    const lines = linesOf([after({ rare: 1, usual: 5 }), after({ usual: 2, new: 3 })]);
    expect(lines).toEqual([
      { value: "usual", band: null, people: [5, 2] },
      { value: "new", band: null, people: [0, 3] },
      { value: "rare", band: null, people: [1, 0] },
    ]);
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, place) => [`value ${place}`, place + 1]));
    expect(linesOf([after(many)]).map((line) => line.value)).toEqual(Array.from({ length: 10 }, (_, place) => `value ${29 - place}`));
  });

  it("are bands of many numbers, which hold everybody", () => {
    const lines = linesOf([after(numbers(0, 60)), after({ ...numbers(0, 20, 2), 59: 4 })]);
    expect(lines.map(({ band, people }) => [band?.low, people])).toEqual([0, 10, 20, 30, 40, 50].map((low) => [low, [10, low < 20 ? 20 : low === 50 ? 4 : 0]]));
  });

  it("are one of everybody where not all numbers are known", () => {
    expect(linesOf([after(numbers(0, 60), 60), after(numbers(0, 200), 5_000)])).toEqual([{ value: null, band: null, people: [60, 5_000] }]);
  });
});

describe("moves", () => {
  const named = (low: number, high: number) => `${low}–${high}`;

  it("between many numbers are moves between bands, none stays none", () => {
    const moves = Array.from({ length: 20 }, (_, place) => ({ before: place % 2 ? String(place) : null, value: String(place + 40), people: 1 }));
    const { all, banded } = inBands([...moves, { before: "3", value: null, people: 5 }], named);
    expect(banded).toBe(true);
    expect(all).toContainEqual({ before: "0–10", value: "40–50", people: 5 });
    expect(all).toContainEqual({ before: null, value: "50–60", people: 5 });
    expect(all).toContainEqual({ before: "0–10", value: null, people: 5 });
    expect(all.reduce((sum, move) => sum + move.people, 0)).toBe(25);
  });

  it("between few values are as they are", () => {
    const moves = [{ before: "1", value: "2", people: 3 }];
    expect(inBands(moves, named)).toEqual({ all: moves, banded: false });
  });
});
