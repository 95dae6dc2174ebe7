import { describe, expect, it } from "vitest";
import { linesOf } from "@/query/requests";
import { insideAddress } from "@/pages/access/LoginPage";
import { bucketLabel, figuresOf } from "./figures";
import { colours } from "./HeatTable";
import { rangeNames } from "./SpreadView";
import { drawnLines, trendOption } from "./trendOption";
import { changeOf } from "./TrendView";
import type { TrendResult } from "./types";

const line = (series: number | null, formula: number | null, values: (number | null)[]) => ({ series, formula, name: `n${series ?? formula}`, breakdown: [], values, total: 3, moving_average: null, compared: null, compared_total: null });
const result = {
  kind: "trend",
  interval: "day",
  first_day: "2024-05-01",
  last_day: "2024-05-03",
  buckets: ["2024-05-01", "2024-05-02", "2024-05-03"],
  lines: [line(0, null, [1, 2, null]), line(1, null, [2, 4, 6])],
} as unknown as TrendResult;
const given = { result, chart: "line", nameOf: (each: { name: string }) => each.name, figures: figuresOf("en"), comparedName: (name: string) => name, averageName: (name: string) => name, targets: [], notes: [] };

describe("trends", () => {
  it("draw a line for each, and only formulas where there are any", () => {
    expect((trendOption(given).series as unknown[]).length).toBe(2);
    const withFormula = { ...result, lines: [...result.lines, line(null, 0, [2, 2, null])] } as TrendResult;
    expect(drawnLines(withFormula).map((each) => each.formula)).toEqual([0]);
  });

  it("mark targets and notes of days that are shown", () => {
    const option = trendOption({ ...given, targets: [{ value: 5, label: "goal" }], notes: [{ day: "2024-05-02", text: "launch" }, { day: "2024-06-01", text: "later" }] });
    const marks = (option.series as { markLine?: { data: { name: string }[] } }[])[0]?.markLine?.data ?? [];
    expect(marks.map((mark) => mark.name)).toEqual(["goal", "launch"]);
  });
});

describe("figures", () => {
  it("are written as the reader's language writes them", () => {
    expect(figuresOf("en").compact(1_234_567)).toBe("1.2M");
    expect(figuresOf("zh").compact(1_234_567)).toBe("123.5万");
    expect(figuresOf("en").percent(0.1234)).toBe("12.3%");
    expect(figuresOf("en").number(null)).toBe("–");
    expect(figuresOf("en").duration(5400)).toBe("1.5 h");
    expect(figuresOf("zh").duration(45)).toBe("45 秒");
  });

  it("name buckets by their interval", () => {
    expect(bucketLabel("2024-05-01", "month", true)).toBe("2024-05");
    expect(bucketLabel("2024-05-01", "quarter", false)).toBe("2024 Q2");
    expect(bucketLabel("2024-05-01T13:00:00+08:00", "hour", false)).toBe("05-01 13:00");
  });

  it("say a change only of something", () => {
    expect(changeOf(3, 2)).toBe(0.5);
    expect(changeOf(3, 0)).toBeNull();
    expect(changeOf(null, 2)).toBeNull();
  });

  it("name the ranges that bounds cut", () => {
    expect(rangeNames([1, 5], String)).toEqual(["< 1", "1 – 5", "≥ 5"]);
    expect(rangeNames([], String)).toEqual([]);
  });
});

describe("streams", () => {
  it("are cut at line ends, and what is left waits", () => {
    expect(linesOf('{"a":1}\n{"b"')).toEqual([['{"a":1}'], '{"b"']);
    expect(linesOf("\n\n")).toEqual([[], ""]);
  });
});

describe("the page after log-in", () => {
  it("is one of this server", () => {
    expect(insideAddress("/p/x/insights?q=1")).toBe("/p/x/insights?q=1");
    for (const elsewhere of ["//evil.example", "https://evil.example", "/\\evil.example", null]) expect(insideAddress(elsewhere)).toBe("/");
  });
});

describe("heat", () => {
  it("can be read at every share, on light and on dark paper", () => {
    for (const dark of [false, true]) {
      for (let share = 0; share <= 1; share += 0.02) {
        const { background, color } = colours(share, dark) ?? {};
        const [one, other] = [luminanceOf(String(background).match(/\d+/g)?.map(Number) ?? []), luminanceOf(color === "#fff" ? [255, 255, 255] : [0, 0, 0])];
        expect((Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)).toBeGreaterThan(4.5);
      }
    }
    expect(colours(null, false)).toBeUndefined();
  });
});

function luminanceOf(colour: number[]): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
