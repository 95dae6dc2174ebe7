export interface Piece {
  text: string;
  /** What it is, for its colour; null for plain text. */
  kind: "liquid" | "comment" | "tag" | "value" | "name" | null;
}

const PARTS = /(\{\{[\s\S]*?(?:\}\}|$)|\{%[\s\S]*?(?:%\}|$))|(<!--[\s\S]*?(?:-->|$))|(<\/?[A-Za-z][\w-]*|\/?>)|("[^"\n]*")|([\w-]+(?==))/g;
const KINDS = ["liquid", "comment", "tag", "value", "name"] as const;

/** A source of markup or JSON with Liquid in it, in pieces that are coloured. */
export function coloured(source: string, markup: boolean): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const found of source.matchAll(PARTS)) {
    const place = found.slice(1).findIndex((part) => part !== undefined);
    const kind = KINDS[place] ?? null;
    if (!markup && kind !== "liquid") continue;
    if (found.index < end) continue;
    if (found.index > end) pieces.push({ text: source.slice(end, found.index), kind: null });
    pieces.push({ text: found[0], kind });
    end = found.index + found[0].length;
  }
  if (end < source.length) pieces.push({ text: source.slice(end), kind: null });
  return pieces;
}

/** The offset at which a line begins; lines count from 1. */
export function lineStart(source: string, line: number): number {
  let at = 0;
  for (let number = 1; number < line; number++) {
    const next = source.indexOf("\n", at);
    if (next < 0) return at;
    at = next + 1;
  }
  return at;
}
