import type { Filter, Group, Leaf, PropertyRef } from "./types";

/** The operators of each type of condition, the usual one first. */
export const OPERATORS = {
  text: ["is", "is_not", "contains", "not_contains", "starts_with", "not_starts_with", "ends_with", "not_ends_with", "matches", "not_matches"],
  number: ["eq", "ne", "gt", "gte", "lt", "lte", "between", "not_between"],
  time: ["before", "after", "between", "not_between"],
  recency: ["in_last", "not_in_last"],
  list: ["has_any", "has_all", "has_none"],
  flag: ["is_true", "is_false"],
  presence: ["exists", "not_exists"],
} as const;

export type ConditionType = keyof typeof OPERATORS;
const OFFERED: Record<string, readonly ConditionType[]> = {
  text: ["text", "number", "list", "presence"],
  number: ["number", "text", "presence"],
  time: ["time", "recency", "presence"],
  list: ["list", "text", "presence"],
  flag: ["flag", "text", "presence"],
  tag: ["text", "number", "presence"],
  audience: ["presence"],
};
const EVERY: readonly ConditionType[] = ["text", "number", "time", "recency", "list", "flag", "presence"];

/** The types of condition that suit a property, the most natural first. */
export function conditionTypes(propertyType: string | null): readonly ConditionType[] {
  const known = { string: "text", datetime: "time", date: "time", boolean: "flag", bool: "flag", array: "list" }[propertyType ?? ""] ?? propertyType;
  return OFFERED[known ?? ""] ?? EVERY;
}

/** A condition of this type on a property, with nothing in it yet. */
export function freshLeaf(property: PropertyRef, type: ConditionType, operator: string = OPERATORS[type][0]): Leaf {
  switch (type) {
    case "text":
    case "list":
      return { type, property, operator, values: [] };
    case "number":
      return { type, property, operator, value: 0, upper: operator.endsWith("between") ? 0 : null };
    case "time": {
      const today = new Date().toISOString().slice(0, 10);
      return { type, property, operator, at: today, until: operator.endsWith("between") ? today : null };
    }
    case "recency":
      return { type, property, operator, count: 7, unit: "day" };
    default:
      return { type, property, operator };
  }
}

/** The same condition with another operator, keeping what still makes sense. */
export function withOperator(leaf: Leaf, type: ConditionType, operator: string): Leaf {
  const fresh = freshLeaf(leaf.property, type, operator);
  if ("values" in leaf && "values" in fresh) return { ...fresh, values: leaf.values };
  if (leaf.type === "number" && fresh.type === "number") return { ...fresh, value: leaf.value, upper: fresh.upper === null ? null : (leaf.upper ?? leaf.value) };
  if (leaf.type === "time" && fresh.type === "time") return { ...fresh, at: leaf.at, until: fresh.until === null ? null : (leaf.until ?? leaf.at) };
  return fresh;
}

/** The conditions that say something: unfinished ones are left out; null if none is left. */
export function finished(filter: Filter | null | undefined): Filter | null {
  if (!filter) return null;
  if (filter.type !== "group") return "values" in filter && filter.values.length === 0 ? null : filter;
  const items = filter.items.map(finished).filter((each) => each !== null);
  if (items.length === 0) return null;
  return { ...filter, items };
}

export function asGroup(filter: Filter | null | undefined): Group {
  if (!filter) return { type: "group", op: "and", items: [] };
  return filter.type === "group" ? filter : { type: "group", op: "and", items: [filter] };
}
