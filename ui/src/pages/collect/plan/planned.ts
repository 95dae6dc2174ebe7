import type { Schemas } from "@/api/types";
import type { Tone } from "@/components/page";

export type PlanProperty = Schemas["PlanProperty"];
export type PropertyOutput = Schemas["PropertyOutput"];
export type PlanEvent = Schemas["PlanEvent"];
export type Status = PlanEvent["status"];

export const STATUSES: Status[] = ["draft", "active", "deprecated", "blocked"];
export const TYPES = ["text", "number", "flag", "text_list", "number_list"] as const;
export const STATUS_TONES: Record<Status, Tone> = { draft: "quiet", active: "good", deprecated: "care", blocked: "bad" };

/** A property's rules without what traffic showed, as the server takes them. */
export function rulesOf(property: PlanProperty | PropertyOutput): PlanProperty {
  const { name, status, type, required, choices, pattern, minimum, maximum, owner, description } = property;
  return { name, status, type, required, choices, pattern, minimum, maximum, owner, description };
}

export function newProperty(): PlanProperty {
  return { name: "", status: "active", type: null, required: false, choices: null, pattern: null, minimum: null, maximum: null, owner: "", description: { zh: "", en: "" } };
}

/** Choices as they were typed, as values of the property's type; null for none. */
export function choicesOf(typed: string[], type: PlanProperty["type"]): PlanProperty["choices"] {
  const values = typed.map((each) => each.trim()).filter((each) => each !== "");
  if (values.length === 0) return null;
  return values.map((each) => {
    if ((type === "number" || type === "number_list") && Number.isFinite(Number(each))) return Number(each);
    if (type === "flag" && (each === "true" || each === "false")) return each === "true";
    return each;
  });
}

/** The properties that differ from how they were, as only those are sent. */
export function changedProperties(before: readonly PlanProperty[], after: readonly PlanProperty[]): PlanProperty[] {
  const known = new Map(before.map((each) => [each.name, JSON.stringify(rulesOf(each))]));
  return after.filter((each) => known.get(each.name) !== JSON.stringify(rulesOf(each))).map(rulesOf);
}

export type Fault = { kind: "name" | "range" | "pattern"; place: number };

/** What the server would refuse, with the place of the property. */
export function firstFault(properties: readonly PlanProperty[]): Fault | null {
  for (const [place, each] of properties.entries()) {
    if (each.name.trim() === "") return { kind: "name", place };
    if (typeof each.minimum === "number" && typeof each.maximum === "number" && each.minimum > each.maximum) return { kind: "range", place };
    if (each.pattern && !isPattern(each.pattern)) return { kind: "pattern", place };
  }
  return null;
}

// Python's regular expressions have named groups and flags of their own, which the server understands.
function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern.replaceAll("(?P<", "(?<").replace(/^\(\?[aiLmsux]+\)/, ""));
    return true;
  } catch {
    return false;
  }
}

/** The rules of a property in a line. */
export function rulesText(property: PlanProperty): string {
  const parts: string[] = [];
  if (property.choices?.length) parts.push(`∈ {${property.choices.slice(0, 5).join(", ")}${property.choices.length > 5 ? ", …" : ""}}`);
  if (property.pattern) parts.push(`/${property.pattern}/`);
  if (typeof property.minimum === "number") parts.push(`≥ ${property.minimum}`);
  if (typeof property.maximum === "number") parts.push(`≤ ${property.maximum}`);
  return parts.join("  ");
}
