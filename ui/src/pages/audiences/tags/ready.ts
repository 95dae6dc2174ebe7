import { finished } from "@/query/operators";
import type { Selector } from "@/query/types";
import { asGroup, readyOf } from "../conditions/making";
import { type Definition, OF_EVENTS } from "./types";

/** A definition as it can be sent; null if something in it is not filled in. */
export function readyTag(definition: Definition): Definition | null {
  switch (definition.kind) {
    case "rule": {
      const cases = definition.cases.map(({ value, condition }) => ({ value: value.trim(), ready: readyOf(asGroup(condition)) }));
      if (cases.some(({ value, ready }) => !value || !ready.condition || ready.unfinished.length)) return null;
      return { ...definition, cases: cases.flatMap(({ value, ready }) => (ready.condition ? [{ value, condition: ready.condition }] : [])), otherwise: definition.otherwise?.trim() || null };
    }
    case "statistic": {
      const needs = !OF_EVENTS.includes(definition.aggregate);
      if (needs && !definition.property?.name) return null;
      return { ...definition, event: tidy(definition.event), property: needs ? definition.property : null };
    }
    case "rfm":
      return { ...definition, event: tidy(definition.event), revenue: definition.revenue?.name ? definition.revenue : null };
    case "stages":
      return { ...definition, active: tidy(definition.active) };
    case "activity_score":
      return definition.parts.length && definition.parts.every((part) => part.name.trim()) ? { ...definition, parts: definition.parts.map((part) => ({ ...part, event: tidy(part.event) })) } : null;
    case "activity_tier": {
      const score = readyTag(definition.score);
      return score?.kind === "activity_score" ? { ...definition, score } : null;
    }
    case "sql":
      return definition.sql.trim() ? definition : null;
    case "manual":
      return definition;
  }
}

function tidy(selector: Selector): Selector {
  return { ...selector, filter: finished(selector.filter) };
}
