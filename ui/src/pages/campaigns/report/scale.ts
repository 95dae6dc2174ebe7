/** A straight scale from values to places. */
export interface Scale {
  (value: number): number;
  ticks: number[];
}

/** Round values that divide a range into about so many parts. */
export function ticksOf(low: number, high: number, about = 5): number[] {
  const span = high - low;
  if (!(span > 0)) return [low];
  const rough = span / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((each) => each * power >= rough) ?? 10) * power;
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, place) => Number(((first + place) * step).toPrecision(12)));
}

/** A scale over all of these values and 0, with a little room. */
export function scaleOf(values: readonly number[], from: number, to: number): Scale {
  let low = Math.min(0, ...values);
  let high = Math.max(0, ...values);
  if (low === high) high = low + 1;
  const room = 0.06 * (high - low);
  if (low < 0) low -= room;
  if (high > 0) high += room;
  const place = (value: number) => from + ((value - low) / (high - low)) * (to - from);
  return Object.assign(place, { ticks: ticksOf(low, high) });
}
