import type { Filter, Kind, Period, Query } from "./types";

export const LAST_30_DAYS: Period = { kind: "last", count: 30, unit: "day", include_current: true };

const DAY_MS = 86_400_000;
const UNIT_DAYS = { day: 1, week: 7, month: 30 } as const;

/** The last `count` units; of a project that stopped sending before them, those up to its last day. */
function recent(count: number, unit: keyof typeof UNIT_DAYS, lastDay: string | null): Period {
  const days = count * UNIT_DAYS[unit];
  const last = lastDay === null ? Number.NaN : Date.parse(lastDay);
  if (Number.isNaN(last) || Date.now() - last < days * DAY_MS) return { kind: "last", count, unit, include_current: true };
  return { kind: "dates", from_date: new Date(last - (days - 1) * DAY_MS).toISOString().slice(0, 10), to_date: lastDay as string };
}

/** A first question of each kind about some of the project's events, the most frequent first. */
export function startingQuery(kind: Kind, events: readonly string[], lastDay: string | null = null): Query {
  const [first = "", second = first, third = second] = events;
  const named = (name: string) => (name ? { events: [name] } : {});
  const period = recent(30, "day", lastDay);
  const two = [{ selector: named(first) }, { selector: named(second) }];
  switch (kind) {
    case "trend":
      return { kind, period, interval: "day", series: [{ selector: named(first), measure: { kind: "count" } }] };
    case "funnel":
      return { kind, period, steps: third === second ? two : [...two, { selector: named(third) }] };
    case "retention":
      return { kind, period: recent(12, "week", lastDay), interval: "week" };
    case "intervals":
      return { kind, period, start: named(first), end: named(second) };
    case "cohort_value":
      return { kind, period: recent(12, "month", lastDay), interval: "month" };
    case "engagement":
      return { kind, period: recent(6, "month", lastDay), interval: "month" };
    case "funnel_correlation":
      return { kind, period, funnel: { kind: "funnel", period, steps: two }, events: true };
    default:
      return { kind, period };
  }
}

/** A query of another kind about the same period, condition and, where there are any, events. */
export function asKind(query: Query, kind: Kind, events: readonly string[]): Query {
  const used = eventsOf(query);
  const next = startingQuery(kind, [...used, ...events.filter((name) => !used.includes(name))]);
  return { ...next, period: query.period ?? next.period, filter: query.filter ?? null } as Query;
}

/** The names of events that a query is about, in its order. */
export function eventsOf(query: Query): string[] {
  const selectors =
    query.kind === "trend"
      ? query.series.map((each) => each.selector)
      : query.kind === "funnel"
        ? query.steps.map((each) => each.selector)
        : query.kind === "retention"
          ? [query.start, query.back]
          : query.kind === "intervals"
            ? [query.start, query.end]
            : query.kind === "funnel_correlation"
              ? query.funnel.steps.map((each) => each.selector)
              : [];
  return [...new Set(selectors.flatMap((selector) => selector?.events ?? []))];
}

/** The conditions of two filters together. */
export function both(one: Filter | null | undefined, other: Filter | null | undefined): Filter | null {
  if (!one) return other ?? null;
  return other ? { type: "group", op: "and", items: [one, other] } : one;
}

// More than there are countries.
const MOST_REGIONS = 300;

/** The question with every region of its breakdown, for a map. */
export function withAllRegions(query: Query): Query {
  if (query.kind !== "trend" && query.kind !== "distribution") return query;
  return { ...query, breakdowns: (query.breakdowns ?? []).map((breakdown) => ({ ...breakdown, top_n: MOST_REGIONS })) };
}
