import type { Schemas } from "@/api/types";

export type HeldItem = Schemas["HeldItemOutput"];
export type ReasonCount = Schemas["ReasonCountOutput"];
export type Wanted = Schemas["FilterInput"];

export interface ReasonGroup {
  reason: string;
  count: number;
  parts: ReasonCount[];
}

/** Counts by reason, the most frequent first, each with its events and sources. */
export function groupedByReason(counts: readonly ReasonCount[]): ReasonGroup[] {
  const groups = new Map<string, ReasonGroup>();
  for (const part of counts) {
    const group = groups.get(part.reason) ?? { reason: part.reason, count: 0, parts: [] };
    group.count += part.count;
    group.parts.push(part);
    groups.set(part.reason, group);
  }
  for (const group of groups.values()) group.parts.sort((one, other) => other.count - one.count);
  return [...groups.values()].sort((one, other) => other.count - one.count);
}

/** A JSON merge patch applied (RFC 7396), as the server does it. */
export function mergePatched(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, name);
    else result[name] = mergePatched(result[name], value);
  }
  return result;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
