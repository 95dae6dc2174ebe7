import { finished } from "@/query/operators";
import type { Filter, PropertyRef, Selector } from "@/query/types";
import type { Comparison, Condition, Group, Leaf, Window } from "./types";

/** What the button that adds a condition offers; three of them are the same kind of condition on other things. */
export const OFFERED = ["property", "anniversary", "tag", "audience", "did", "notDid", "occurrence", "sequence", "listed", "share", "group"] as const;
export type Offered = (typeof OFFERED)[number];

export const LAST_30: Window = { kind: "last", count: 30, unit: "day", include_current: true };
const AT_LEAST_ONCE: Comparison = { operator: "gte", value: 1 };

/** A new condition with nothing in it yet. */
export function fresh(offered: Offered, window: Window = LAST_30): Condition {
  switch (offered) {
    case "property":
      return { kind: "has", filter: emptyOf("person") };
    case "anniversary":
      return { kind: "anniversary", property: { scope: "person", name: "" }, from_days: 0, to_days: 0 };
    case "tag":
      return { kind: "has", filter: emptyOf("tag") };
    case "audience":
      return { kind: "has", filter: emptyOf("audience") };
    case "did":
      return { kind: "did", event: { events: [] }, window, figure: { kind: "count" }, compare: AT_LEAST_ONCE };
    case "notDid":
      return { kind: "not", item: fresh("did", window) };
    case "occurrence":
      return { kind: "occurrence", which: "first", event: { events: [] }, window };
    case "sequence":
      return { kind: "sequence", steps: [{ events: [] }, { events: [] }], within: { count: 3, unit: "day" }, window };
    case "listed":
      return { kind: "listed", distinct_ids: [] };
    case "share":
      return { kind: "share", percent: 10 };
    case "group":
      return { kind: "any", items: [] };
  }
}

function emptyOf(scope: PropertyRef["scope"]): Filter {
  const property: PropertyRef = { scope, name: "" };
  return scope === "audience" ? { type: "presence", property, operator: "exists" } : { type: "text", property, operator: "is", values: [] };
}

/** Everybody who is in an audience. */
export function inAudience(id: string): Condition {
  return { kind: "has", filter: { type: "presence", property: { scope: "audience", name: id }, operator: "exists" } };
}

/** Whether a condition is a group of others. */
export function isGroup(condition: Condition): condition is Group {
  return condition.kind === "all" || condition.kind === "any";
}

/** A condition as a group, which is what the editor shows. */
export function asGroup(condition: Condition | null | undefined): Group {
  if (!condition) return { kind: "all", items: [] };
  return isGroup(condition) ? condition : { kind: "all", items: [condition] };
}

export interface Ready {
  /** The finished parts; null if there are none. */
  condition: Condition | null;
  /** Where each finished part was written, by where it is now. */
  places: Map<string, string>;
  /** Where the parts are that are not finished. */
  unfinished: string[];
}

/** The parts of a condition that say something already, and where those are that do not. */
export function readyOf(condition: Condition, path = "condition"): Ready {
  const ready: Ready = { condition: null, places: new Map(), unfinished: [] };
  ready.condition = pruned(condition, path, path, ready);
  return ready;
}

function pruned(condition: Condition, written: string, now: string, ready: Ready): Condition | null {
  ready.places.set(now, written);
  if (condition.kind === "not") {
    const item = pruned(condition.item, `${written}.item`, `${now}.item`, ready);
    return item && { kind: "not", item };
  }
  if (isGroup(condition)) {
    const items: Condition[] = [];
    condition.items.forEach((each, place) => {
      const kept = pruned(each, `${written}.items[${place}]`, `${now}.items[${items.length}]`, ready);
      if (kept) items.push(kept);
    });
    if (items.length) return { ...condition, items };
    if (!condition.items.length && written.includes(".")) ready.unfinished.push(written);
    return null;
  }
  const leaf = finishedLeaf(condition);
  if (!leaf) ready.unfinished.push(written);
  return leaf;
}

/** A condition with what its filters lack left out; null if nothing is left. */
function finishedLeaf(leaf: Leaf): Leaf | null {
  switch (leaf.kind) {
    case "has": {
      const filter = named(finished(leaf.filter));
      return filter && { ...leaf, filter };
    }
    case "anniversary":
      return leaf.property.name ? leaf : null;
    case "listed":
      return leaf.distinct_ids.length ? leaf : null;
    case "sequence":
      return { ...leaf, steps: leaf.steps.map(tidy) };
    case "did": {
      if (leaf.figure.kind === "property" && !leaf.figure.property.name) return null;
      return { ...leaf, event: tidy(leaf.event) };
    }
    case "occurrence":
      return { ...leaf, event: tidy(leaf.event), filter: named(finished(leaf.filter)) };
    default:
      return leaf;
  }
}

function tidy(selector: Selector): Selector {
  return { ...selector, filter: named(finished(selector.filter)) };
}

/** A filter without conditions whose property has not been chosen. */
function named(filter: Filter | null): Filter | null {
  if (!filter) return null;
  if (filter.type !== "group") return filter.property.name ? filter : null;
  const items = filter.items.map(named).filter((each) => each !== null);
  return items.length ? { ...filter, items } : null;
}

const KINDS = "all|any|not|has|did|occurrence|sequence|anniversary|listed|share|rule";

/** The place of a fault as the editor counts, from the path that the server names; null if it is none of these. */
export function placeOf(path: string | null, places: ReadonlyMap<string, string>): string | null {
  if (!path) return null;
  // Faults of form have the kind of each part in their path.
  const plain = path.replace(/^people\.(PeopleByCondition\.)?/, "").replace(new RegExp(`(condition|definition|\\]|\\.item)\\.(?:${KINDS})(?=[.[]|$)`, "g"), "$1");
  const known = [...places.keys()].filter((each) => plain === each || plain.startsWith(`${each}.`) || plain.startsWith(`${each}[`));
  const deepest = known.sort((one, other) => other.length - one.length)[0];
  return deepest === undefined ? null : (places.get(deepest) ?? null);
}

/** Audiences and tags that a condition refers to. */
export function referredTo(value: unknown): PropertyRef[] {
  if (Array.isArray(value)) return value.flatMap(referredTo);
  if (typeof value !== "object" || value === null) return [];
  const { scope, name } = value as { scope?: unknown; name?: unknown };
  if ((scope === "tag" || scope === "audience") && typeof name === "string") return [{ scope, name }];
  return Object.values(value).flatMap(referredTo);
}
