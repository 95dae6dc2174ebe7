import { expect, test } from "vitest";
import type { FacetComparison, Persona, PersonaPart } from "./personaTypes";
import { begunPersona, withPart } from "./progress";

const facet = (at: number): FacetComparison => ({ facet: at, several: false, values: [], mean: null, median: null, other_mean: null, other_median: null });
const part = (given: Partial<PersonaPart>): PersonaPart => ({ done: 1, total: 2, at: null, facet: null, error: null, persona: null, ...given });
const error = { code: "query_time_limit", en: "too long", zh: "超时", at: "" };

test("facets are there as they come, those that failed are told, and the whole takes their place", () => {
  let progress = begunPersona(2);
  expect(progress).toMatchObject({ done: 0, total: 2, ended: false });
  progress = withPart(progress, part({ done: 1, at: 0, error }));
  progress = withPart(progress, part({ done: 2, at: 1, facet: facet(1) }));
  expect(progress).toMatchObject({ done: 2, ended: false, whole: null });
  expect(progress.facets.map((each) => each.facet)).toEqual([1]);
  expect(progress.failed).toEqual([{ at: 0, error }]);
  const whole: Persona = { people: 3, others: 9, facets: [{ ...facet(1), several: true }], findings: [] };
  progress = withPart(progress, part({ done: 2, persona: whole }));
  expect(progress).toMatchObject({ ended: true, whole, facets: whole.facets });
  expect(progress.failed).toHaveLength(1);
});

test("it has ended even if every facet failed", () => {
  const progress = withPart(withPart(begunPersona(1), part({ done: 1, total: 1, at: 0, error })), part({ done: 1, total: 1 }));
  expect(progress).toMatchObject({ ended: true, whole: null, facets: [] });
});
