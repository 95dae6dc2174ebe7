import { areManyNumbers, bandOf, bandsOf } from "./bands";

/** People who went from a value to another; null: from or to none. */
export interface Move {
  before: string | null;
  value: string | null;
  people: number;
}

/** Moves between many numbers, as moves between bands of them; any others as they are. */
export function inBands(moves: readonly Move[], nameOf: (low: number, high: number) => string): { all: readonly Move[]; banded: boolean } {
  const values = [...new Set(moves.flatMap((move) => [move.before, move.value]))].filter((value) => value !== null);
  if (!areManyNumbers(values)) return { all: moves, banded: false };
  const bands = bandsOf(values);
  const named = (value: string | null) => {
    const band = value === null ? undefined : bandOf(bands, value);
    return band ? nameOf(band.low, band.high) : null;
  };
  const summed = new Map<string, Move>();
  for (const move of moves) {
    const [before, value] = [named(move.before), named(move.value)];
    const key = JSON.stringify([before, value]);
    summed.set(key, { before, value, people: (summed.get(key)?.people ?? 0) + move.people });
  }
  return { all: [...summed.values()], banded: true };
}
