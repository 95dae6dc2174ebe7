import type { Definition, Kind } from "./types";
import { PRODUCTION } from "./types";

/** A variant while it is written: its value is text until it is saved. */
export interface Written {
  name: string;
  text: string;
}

const FIRST: Record<Kind, Written[]> = {
  boolean: [
    { name: "off", text: "false" },
    { name: "on", text: "true" },
  ],
  string: [
    { name: "control", text: "" },
    { name: "treatment", text: "" },
  ],
  number: [
    { name: "control", text: "0" },
    { name: "treatment", text: "1" },
  ],
  object: [
    { name: "control", text: "{}" },
    { name: "treatment", text: "{}" },
  ],
};

export function freshVariants(kind: Kind): Written[] {
  return FIRST[kind];
}

export function freshDefinition(kind: Kind = "boolean"): Definition {
  const [off, on] = FIRST[kind].map((each) => each.name) as [string, string];
  return { kind, variants: {}, off, environments: { [PRODUCTION]: { enabled: true, default: off, rules: [{ name: "", condition: null, serve: { kind: "rollout", shares: [{ variant: on, percent: 10 }] } }] } } };
}

/** The text of a value, as it is edited. */
export function textOf(kind: Kind, value: unknown): string {
  return kind === "string" ? String(value) : JSON.stringify(value);
}

/** The value of a text; undefined if it is not of the kind. */
export function valueOf(kind: Kind, text: string): unknown {
  if (kind === "string") return text;
  try {
    const value: unknown = JSON.parse(text);
    if (kind === "object") return typeof value === "object" && value !== null ? value : undefined;
    return typeof value === kind ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The definition with a variant called otherwise wherever it is named. */
export function renamed(definition: Definition, before: string, after: string): Definition {
  const named = (name: string) => (name === before ? after : name);
  const environments = Object.fromEntries(
    Object.entries(definition.environments).map(([name, environment]) => [
      name,
      {
        ...environment,
        default: named(environment.default),
        rules: environment.rules.map((rule) => ({
          ...rule,
          serve:
            rule.serve.kind === "always"
              ? { ...rule.serve, variant: named(rule.serve.variant) }
              : rule.serve.kind === "rollout"
                ? { ...rule.serve, shares: rule.serve.shares.map((share) => ({ ...share, variant: named(share.variant) })) }
                : rule.serve,
        })),
      },
    ]),
  );
  return { ...definition, off: named(definition.off), environments };
}
