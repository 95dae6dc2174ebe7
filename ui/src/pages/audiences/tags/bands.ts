// Bands that can still be told apart in a picture.
const MOST_BANDS = 7;
// With fewer values each is shown by itself.
const FEW = 12;

export interface Band {
  low: number;
  /** Not in it. */
  high: number;
}

/** Whether values are numbers of which there are too many for a list. */
export function areManyNumbers(values: readonly string[]): boolean {
  return values.length > FEW && values.every((value) => value.trim() !== "" && Number.isFinite(Number(value)));
}

/** Round bands of one width that hold all the numbers, from the lowest on. */
export function bandsOf(values: readonly string[]): Band[] {
  const numbers = values.map(Number);
  const lowest = numbers.reduce((one, other) => Math.min(one, other), Infinity);
  const highest = numbers.reduce((one, other) => Math.max(one, other), -Infinity);
  if (lowest > highest) return [];
  const width = roundWidth((highest - lowest) / (MOST_BANDS - 1) || 1);
  const first = Math.floor(lowest / width);
  return Array.from({ length: Math.floor(highest / width) - first + 1 }, (_, place) => ({ low: tidy((first + place) * width), high: tidy((first + place + 1) * width) }));
}

/** Which of the bands a value is in. */
export function bandOf(bands: readonly Band[], value: string): Band | undefined {
  return bands.findLast((band) => Number(value) >= band.low);
}

/** The least of 1, 2 and 5 times a power of ten that is at least as wide. */
function roundWidth(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return tidy(([1, 2, 5].find((each) => each * power >= least * (1 - 1e-12)) ?? 10) * power);
}

function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
