import type { FacetComparison, Persona, PersonaPart } from "./personaTypes";

/** What is known of a persona while its facets come in. */
export interface PersonaProgress {
  done: number;
  total: number;
  /** Facets by themselves; which differences are sure shows in the whole. */
  facets: FacetComparison[];
  failed: { at: number; error: NonNullable<PersonaPart["error"]> }[];
  whole: Persona | null;
  ended: boolean;
}

export function begunPersona(total: number): PersonaProgress {
  return { done: 0, total, facets: [], failed: [], whole: null, ended: false };
}

/** The same with one more line of the answer. */
export function withPart(before: PersonaProgress, part: PersonaPart): PersonaProgress {
  const { done, total, at, facet, error, persona } = part;
  if (at === null) return { ...before, done, total, whole: persona, facets: persona?.facets ?? before.facets, ended: true };
  return { ...before, done, total, facets: facet ? [...before.facets, facet] : before.facets, failed: error ? [...before.failed, { at, error }] : before.failed };
}
