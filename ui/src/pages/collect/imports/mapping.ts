import type { Schemas } from "@/api/types";

export type Mapping = Schemas["Mapping"];
export type Column = Schemas["ColumnOutput"];
export type PropertyRule = Schemas["PropertyRule"];
export type ValueType = PropertyRule["type"];

export const ROLES = ["distinct_id", "anonymous", "event", "time", "message_id", "property", "person", "skip"] as const;
export type Role = (typeof ROLES)[number];
export const VALUE_TYPES: ValueType[] = ["text", "number", "boolean", "time", "list", "json"];
export const MISSING = ["quarantine", "skip", "constant", "derived"] as const;
const NULLS = ["NULL", "null", "\\N", "NaN", "nan", "#N/A"];

/** What a column is for, as the mapping has it now. */
export function roleOf(mapping: Mapping, column: string): Role {
  if (mapping.distinct_id.columns.includes(column)) return "distinct_id";
  if (mapping.distinct_id.anonymous === column) return "anonymous";
  if (mapping.event?.column === column) return "event";
  if (mapping.time?.columns.includes(column)) return "time";
  if (mapping.properties.some((rule) => rule.column === column)) return "property";
  if (mapping.person.some((rule) => rule.column === column)) return "person";
  return mapping.message_id.columns.includes(column) ? "message_id" : "skip";
}

export function ruleOf(mapping: Mapping, column: string): PropertyRule | undefined {
  return [...mapping.properties, ...mapping.person].find((rule) => rule.column === column);
}

function newRule(column: string, type: ValueType): PropertyRule {
  return { name: column, column, type, separator: ",", decimal: ".", format: "auto", invalid: "reject" };
}

function without(mapping: Mapping, column: string): Mapping {
  const { event, time, distinct_id, message_id } = mapping;
  const others = (columns: string[]) => columns.filter((each) => each !== column);
  return {
    ...mapping,
    event: event?.column === column ? { constant: "", values: {} } : event,
    time: time?.columns.includes(column) ? (others(time.columns).length > 0 ? { ...time, columns: others(time.columns) } : null) : time,
    distinct_id: { ...distinct_id, columns: others(distinct_id.columns), anonymous: distinct_id.anonymous === column ? null : distinct_id.anonymous },
    message_id: { ...message_id, columns: others(message_id.columns) },
    properties: mapping.properties.filter((rule) => rule.column !== column),
    person: mapping.person.filter((rule) => rule.column !== column),
  };
}

/** The mapping with another role for a column; a role that only one column can have is taken from the other. */
export function withRole(mapping: Mapping, column: string, role: Role, timeZone: string): Mapping {
  const rest = without(mapping, column);
  const rule = ruleOf(mapping, column) ?? newRule(column, "text");
  switch (role) {
    case "distinct_id":
      return { ...rest, distinct_id: { ...rest.distinct_id, columns: [...rest.distinct_id.columns, column] } };
    case "anonymous":
      return { ...rest, distinct_id: { ...rest.distinct_id, anonymous: column } };
    case "event":
      return { ...rest, event: { column, values: {} } };
    case "time":
      return { ...rest, time: rest.time ? { ...rest.time, columns: [...rest.time.columns, column], constant: null } : { columns: [column], format: "auto", timezone: timeZone, missing: "quarantine" } };
    case "message_id":
      return { ...rest, message_id: { ...rest.message_id, columns: [...rest.message_id.columns, column] } };
    case "property":
      return { ...rest, properties: [...rest.properties, rule] };
    case "person":
      return { ...rest, person: [...rest.person, rule] };
    case "skip":
      return rest;
  }
}

/** The mapping with a change to the property that a column becomes. */
export function withRule(mapping: Mapping, column: string, change: Partial<PropertyRule>): Mapping {
  const apply = (rules: PropertyRule[]) => rules.map((rule) => (rule.column === column ? { ...rule, ...change } : rule));
  return { ...mapping, properties: apply(mapping.properties), person: apply(mapping.person) };
}

/** A file of events, or of people: properties follow. */
export function withKind(mapping: Mapping, kind: "events" | "people"): Mapping {
  if (kind === "events") return { ...mapping, event: mapping.event ?? { constant: "", values: {} }, properties: [...mapping.properties, ...mapping.person], person: [] };
  return { ...mapping, event: null, time: null, person: [...mapping.person, ...mapping.properties], properties: [] };
}

export type Fault = "noPerson" | "noEvent" | "noTime";

/** What has to be decided before the import can begin. */
export function faultsOf(mapping: Mapping): Fault[] {
  const faults: Fault[] = [];
  const { distinct_id: person, event, time } = mapping;
  const someone = person.columns.length > 0 || person.template || person.anonymous || person.missing === "derived" || (person.missing === "constant" && person.constant);
  if (!someone) faults.push("noPerson");
  if (event && !event.column && !event.constant?.trim() && !event.template) faults.push("noEvent");
  if (event && !time?.columns.length && !time?.constant) faults.push("noTime");
  return faults;
}

const DEFAULTS: Record<string, unknown> = { type: "text", separator: ",", decimal: ".", format: "auto", invalid: "reject", missing: "quarantine", other_columns: "skip", skip_lines: 0, integer: false };

function isNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** A mapping without what is so anyway, as people like to read it. */
export function pruned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pruned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, each]) => [name, pruned(each)] as const)
      .filter(([name, each]) => !isNothing(each) && DEFAULTS[name] !== each && !(name === "null_values" && String(each) === String(NULLS))),
  );
}

const NO_PERSON = { columns: [] as string[], integer: false, prefix: "", missing: "quarantine" as const, derive_from: [] as string[] };
const NO_TIME = { columns: [] as string[], format: "auto", timezone: "UTC", missing: "quarantine" as const };

/** A mapping as written by a person, with everything that was left out. Throws where it is no mapping at all. */
export function completed(plain: unknown): Mapping {
  if (typeof plain !== "object" || plain === null || Array.isArray(plain)) throw new Error("mapping");
  const given = plain as Partial<Mapping>;
  const rules = (list: unknown): PropertyRule[] => (Array.isArray(list) ? (list as Partial<PropertyRule>[]).map((rule) => ({ ...newRule(rule.column ?? "", "text"), column: null, ...rule })) : []);
  return {
    ...given,
    read: { columns: [], skip_lines: 0, ...given.read },
    event: given.event ? { ...given.event, values: given.event.values ?? {} } : null,
    distinct_id: { ...NO_PERSON, ...(given.distinct_id as Partial<Mapping["distinct_id"]>) },
    time: given.time ? { ...NO_TIME, ...(given.time as Partial<NonNullable<Mapping["time"]>>) } : null,
    message_id: { columns: [], namespace: "", ...given.message_id },
    properties: rules(given.properties),
    person: rules(given.person),
    skip_rows: given.skip_rows ?? [],
    skip_columns: given.skip_columns ?? [],
    other_columns: given.other_columns ?? "skip",
    null_values: given.null_values ?? NULLS,
  };
}
