/** One line of a definition in words; `depth` is how far inside of groups it stands. */
export interface Line {
  text: string;
  depth: number;
}

export type Change = "same" | "removed" | "added" | "changed";

/** What stood in a place before, and what stands there after. */
export interface Pair {
  before: Line | null;
  after: Line | null;
  change: Change;
}

/** Lines side by side: what is in both stands in one row, what took another's place beside it. */
export function aligned(before: readonly Line[], after: readonly Line[]): Pair[] {
  const pairs: Pair[] = [];
  let [removed, added]: [Line[], Line[]] = [[], []];
  const flush = () => {
    for (let place = 0; place < Math.max(removed.length, added.length); place++) {
      const [one, other] = [removed[place] ?? null, added[place] ?? null];
      pairs.push({ before: one, after: other, change: one && other ? "changed" : one ? "removed" : "added" });
    }
    [removed, added] = [[], []];
  };
  const lengths = common(before, after);
  let [left, right] = [0, 0];
  while (left < before.length || right < after.length) {
    const [one, other] = [before[left], after[right]];
    if (one && other && alike(one, other)) {
      flush();
      pairs.push({ before: one, after: other, change: "same" });
      left++;
      right++;
    } else if (one && (!other || at(lengths, left + 1, right) >= at(lengths, left, right + 1))) {
      removed.push(one);
      left++;
    } else if (other) {
      added.push(other);
      right++;
    }
  }
  flush();
  return pairs;
}

function alike(one: Line, other: Line): boolean {
  return one.text === other.text && one.depth === other.depth;
}

/** How many lines the ends from each pair of places on have in common, in order. */
function common(before: readonly Line[], after: readonly Line[]): number[][] {
  const lengths = before.map(() => new Array<number>(after.length + 1).fill(0));
  for (let left = before.length - 1; left >= 0; left--) {
    for (let right = after.length - 1; right >= 0; right--) {
      const [one, other, row] = [before[left], after[right], lengths[left]];
      if (!one || !other || !row) continue;
      row[right] = alike(one, other) ? 1 + at(lengths, left + 1, right + 1) : Math.max(at(lengths, left + 1, right), at(lengths, left, right + 1));
    }
  }
  return lengths;
}

function at(lengths: readonly number[][], left: number, right: number): number {
  return lengths[left]?.[right] ?? 0;
}
