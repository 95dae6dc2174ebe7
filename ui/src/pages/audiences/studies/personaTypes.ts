import type { Audience } from "../common/types";
import type { Facet } from "./facets";

export interface Interval {
  value: number;
  low: number;
  high: number | null;
}

export interface Shares {
  value: string | null;
  other: boolean;
  people: number;
  others: number;
  share: Interval | null;
  other_share: Interval | null;
  ratio: Interval | null;
  difference: Interval | null;
  adjusted: number | null;
}

export interface FacetComparison {
  facet: number;
  several: boolean;
  values: Shares[];
  mean: number | null;
  median: number | null;
  other_mean: number | null;
  other_median: number | null;
}

/** What `/persona` answers. */
export interface Persona {
  people: number;
  others: number;
  facets: FacetComparison[];
  findings: { facet: number; value: string | null; direction: "over" | "under"; sure: number; difference: number; ratio: number | null }[];
}

export interface PersonaBody {
  query: { kind: "persona"; facets: Facet[] };
  of: { subject_id: string };
  against: { subject_id: string } | null;
}

/** A line of `/persona/parts`. */
export interface PersonaPart {
  done: number;
  total: number;
  at: number | null;
  facet: FacetComparison | null;
  error: Audience["error"];
  persona: Persona | null;
}
