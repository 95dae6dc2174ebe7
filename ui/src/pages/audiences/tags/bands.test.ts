import { describe, expect, it } from "vitest";
import { areManyNumbers, bandOf, bandsOf } from "./bands";

const texts = (...numbers: number[]) => numbers.map(String);

describe("bands of numbers", () => {
  it("are round and hold everything", () => {
    expect(bandsOf(texts(24, 37, 99))).toEqual([20, 40, 60, 80].map((low) => ({ low, high: low + 20 })));
    expect(bandsOf(texts(0, 0.31))).toEqual([0, 0.1, 0.2, 0.3].map((low) => ({ low, high: Number((low + 0.1).toFixed(1)) })));
    expect(bandsOf(texts(-7, 4)).map((band) => band.low)).toEqual([-8, -6, -4, -2, 0, 2, 4]);
    expect(bandsOf(texts(5, 5))).toEqual([{ low: 5, high: 6 }]);
    expect(bandsOf([])).toEqual([]);
  });

  it("are at most seven or eight, and every value is in exactly one", () => {
    for (let round = 0; round < 200; round++) {
      const values = texts(...Array.from({ length: 1 + (round % 9) }, () => (Math.random() - 0.3) * 10 ** ((round % 12) - 4)));
      const bands = bandsOf(values);
      expect(bands.length).toBeLessThanOrEqual(8);
      for (const value of values) {
        const band = bandOf(bands, value);
        expect(band && band.low <= Number(value) && Number(value) < band.high, `${value} in ${JSON.stringify(bands)}`).toBe(true);
      }
    }
  });

  it("are of numbers only, and of many", () => {
    expect(areManyNumbers(texts(...Array(13).keys()))).toBe(true);
    expect(areManyNumbers(texts(...Array(12).keys()))).toBe(false);
    expect(areManyNumbers([...texts(...Array(13).keys()), "gold"])).toBe(false);
  });
});
