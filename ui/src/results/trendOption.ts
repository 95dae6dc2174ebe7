import type { EChartsCoreOption } from "echarts/core";
import type { Figures } from "./figures";
import type { Note, Target, TrendResult } from "./types";

type Line = TrendResult["lines"][number];

interface Given {
  result: TrendResult;
  chart: string;
  nameOf: (line: Line) => string;
  figures: Figures;
  comparedName: (name: string) => string;
  averageName: (name: string) => string;
  targets: Target[];
  notes: Note[];
}

/** Room around a drawing, with a line for a legend where there is one. */
export function grid(legend: boolean) {
  return { left: 8, right: 16, top: legend ? 36 : 14, bottom: 8, containLabel: true };
}

/** The lines that are drawn: formulas in place of the series that they are made of. */
export function drawnLines(result: TrendResult): Line[] {
  const formulas = result.lines.filter((line) => line.formula !== null);
  return formulas.length ? formulas : result.lines;
}

/** Lines, areas, bars or shares of a trend. The first series are the drawn lines, in their order. */
export function trendOption(given: Given): EChartsCoreOption {
  const { result, chart, figures } = given;
  if (chart === "pie") return pieOption(given);
  if (chart === "ranking") return rankingOption(given);
  const labels = result.buckets.map((bucket) => figures.bucket(bucket, result.interval));
  const marks = markLines(given, labels);
  const drawn = drawnLines(result);
  const lines = drawn.map((line, place) => ({ ...series(given, line, line.values), ...(place === 0 && marks ? { markLine: marks } : {}) }));
  const dashed = (values: Line["values"], name: string, color: number) => ({
    type: "line",
    name,
    data: values,
    showSymbol: false,
    colorIndex: color,
    lineStyle: { type: "dashed", width: 1.5, opacity: 0.75 },
  });
  const extra = drawn.flatMap((line, place) => [
    ...(line.compared ? [dashed(line.compared as Line["values"], given.comparedName(given.nameOf(line)), place)] : []),
    ...(line.moving_average ? [dashed(line.moving_average as Line["values"], given.averageName(given.nameOf(line)), place)] : []),
  ]);
  return {
    grid: grid(lines.length + extra.length > 1),
    tooltip: { trigger: "axis", confine: true, valueFormatter: (value: unknown) => figures.number(value as number | null) },
    legend: { type: "scroll", top: 0, show: lines.length + extra.length > 1 },
    xAxis: { type: "category", data: labels, boundaryGap: chart === "bar" || chart === "stacked" },
    yAxis: { type: "value", axisLabel: { formatter: (value: number) => figures.compact(value) } },
    series: [...lines, ...extra],
  };
}

function series({ chart, nameOf, result }: Given, line: Line, data: Line["values"]) {
  const isBar = chart === "bar" || chart === "stacked";
  const dots = result.buckets.length <= 45;
  return {
    type: isBar ? "bar" : "line",
    name: nameOf(line),
    data,
    stack: chart === "stacked" || chart === "area" ? "all" : undefined,
    areaStyle: chart === "area" ? { opacity: 0.25 } : undefined,
    showSymbol: dots,
    symbolSize: 6,
    connectNulls: false,
    barMaxWidth: 36,
    emphasis: { focus: "series" },
  };
}

/** The drawn lines by their total, the greatest first; what is gathered as "other" last. */
export function ranked(result: TrendResult): Line[] {
  const gathered = (line: Line) => line.breakdown.some((each) => each.other);
  return [...drawnLines(result)].sort((one, other) => Number(gathered(one)) - Number(gathered(other)) || (other.total ?? -Infinity) - (one.total ?? -Infinity));
}

function rankingOption({ result, nameOf, figures }: Given): EChartsCoreOption {
  const lines = ranked(result);
  return {
    grid: { ...grid(false), right: 56 },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, confine: true, valueFormatter: (value: unknown) => figures.number(value as number | null) },
    xAxis: { type: "value", axisLabel: { formatter: (value: number) => figures.compact(value) } },
    yAxis: { type: "category", inverse: true, data: lines.map(nameOf), axisLabel: { width: 150, overflow: "truncate" } },
    series: [
      {
        type: "bar",
        barMaxWidth: 26,
        data: lines.map((line) => line.total ?? null),
        label: { show: true, position: "right", formatter: ({ value }: { value: number | null }) => figures.compact(value) },
      },
    ],
  };
}

function pieOption({ result, nameOf, figures }: Given): EChartsCoreOption {
  return {
    tooltip: { trigger: "item", confine: true, valueFormatter: (value: unknown) => figures.number(value as number) },
    legend: { type: "scroll", orient: "vertical", right: 8, top: "middle" },
    series: [
      {
        type: "pie",
        radius: ["42%", "72%"],
        center: ["40%", "50%"],
        label: { formatter: "{d}%" },
        data: drawnLines(result).map((line) => ({ name: nameOf(line), value: line.total ?? 0 })),
      },
    ],
  };
}

function markLines({ targets, notes, result, figures }: Given, labels: string[]) {
  const horizontal = targets.map(({ value, label }) => ({ yAxis: value, name: label, label: { formatter: `${label} ${figures.compact(value)}`, position: "insideEndTop" } }));
  const vertical = notes.flatMap(({ day, text }) => {
    const place = result.buckets.findLastIndex((bucket) => bucket.slice(0, 10) <= day);
    return place < 0 || day > result.last_day ? [] : [{ xAxis: labels[place], name: text, label: { formatter: text, position: "insideEndTop", rotate: 0 } }];
  });
  if (!horizontal.length && !vertical.length) return null;
  return { silent: true, symbol: "none", lineStyle: { type: "dashed", color: "#f2994a" }, data: [...horizontal, ...vertical] };
}
