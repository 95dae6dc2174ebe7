import type { Run } from "../common/types";
import { areManyNumbers, type Band, bandOf, bandsOf } from "./bands";

// More can hardly be told apart.
const MOST_LINES = 10;

/** One line of a chart over runs: a value, a band of numbers, or everybody with any value. */
export interface Line {
  value: string | null;
  band: Band | null;
  /** After each run. */
  people: number[];
}

/** The most frequent values each by itself; many numbers in bands, or together where not all are known. */
export function linesOf(runs: readonly Run[]): Line[] {
  const totals = new Map<string, number>();
  for (const run of runs) for (const [value, people] of Object.entries(run.sizes)) totals.set(value, (totals.get(value) ?? 0) + people);
  const values = [...totals.keys()];
  if (!areManyNumbers(values)) {
    const most = values.toSorted((one, other) => (totals.get(other) ?? 0) - (totals.get(one) ?? 0)).slice(0, MOST_LINES);
    return most.map((value) => ({ value, band: null, people: peopleAfter(runs, [value]) }));
  }
  if (runs.some((run) => peopleOf(run, values) < run.people)) return [{ value: null, band: null, people: runs.map((run) => run.people) }];
  const bands = bandsOf(values);
  return bands.map((band) => ({ value: null, band, people: peopleAfter(runs, values.filter((value) => bandOf(bands, value) === band)) }));
}

function peopleAfter(runs: readonly Run[], values: readonly string[]): number[] {
  return runs.map((run) => peopleOf(run, values));
}

function peopleOf(run: Run, values: readonly string[]): number {
  return values.reduce((sum, value) => sum + (run.sizes[value] ?? 0), 0);
}
