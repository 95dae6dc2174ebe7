import type { Selection } from "@/results/types";
import type { Filter, Query, Selector, Series, TrendQuery } from "./types";

/** One of the series that a computed number is made of, and how to ask for its people. */
export interface Part {
  name: string;
  query: Query;
  selection: Selection;
}

/** What is known of a metric: its definition. */
export interface Defined {
  id: string;
  name: string;
  query: unknown;
}

/** The series that a selected number of a trend is computed from; none where it is a series itself. */
export function partsOf(query: Query, selection: Selection, metrics: readonly Defined[]): Part[] {
  if (query.kind !== "trend") return [];
  const { formula, series, ...place } = selection as { formula?: number | null; series?: number };
  if (formula == null) {
    const part = query.series[series ?? 0];
    return part ? insideOf(query, part, series ?? 0, place, metrics) : [];
  }
  const letters = new Set(query.formulas?.[formula]?.expression.match(/[A-Z]/g) ?? []);
  return query.series.flatMap((part, at) => {
    if (!letters.has(letterOf(at))) return [];
    const inside = insideOf(query, part, at, place, metrics);
    return inside.length ? inside : [{ name: nameOf(part, at, metrics), query, selection: { ...place, series: at } }];
  });
}

/** The series in a metric that is a formula; none of another. */
function insideOf(query: TrendQuery, series: Series, at: number, place: Selection, metrics: readonly Defined[]): Part[] {
  const metric = metrics.find((each) => each.id === series.metric);
  const defined = metric?.query as TrendQuery | null | undefined;
  if (!metric || !defined?.formulas?.length) return [];
  const inner = defined.series.map((each): Series => ({ ...each, selector: narrowed(each.selector ?? {}, [defined.filter, series.selector?.filter]) }));
  // The first series decides which values a breakdown keeps.
  const before = at === 0 ? [] : query.series.slice(0, 1);
  return inner.map((each, part) => ({
    name: `${metric.name}: ${nameOf(each, part, metrics)}`,
    query: { ...query, series: [...before, ...inner], formulas: [] },
    selection: { ...place, series: before.length + part },
  }));
}

function narrowed(selector: Selector, filters: readonly (Filter | null | undefined)[]): Selector {
  const items = [selector.filter, ...filters].filter((each): each is Filter => Boolean(each));
  const [only] = items;
  return { ...selector, filter: items.length > 1 ? { type: "group", op: "and", items } : (only ?? null) };
}

function nameOf(series: Series, at: number, metrics: readonly Defined[]): string {
  const metric = metrics.find((each) => each.id === series.metric)?.name;
  return series.label ?? metric ?? `${letterOf(at)} · ${series.selector?.label ?? series.selector?.events?.join(", ") ?? "*"}`;
}

function letterOf(at: number): string {
  return String.fromCharCode("A".charCodeAt(0) + at);
}
