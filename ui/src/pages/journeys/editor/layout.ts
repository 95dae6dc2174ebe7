import type { Definition } from "../common/types";
import { ENTRY, inOrder, portsOf } from "./graph";

export type Position = [number, number];
export const WIDTH = 220;
const COLUMN = 300;
const GAP = 36;

/** About how tall a node is drawn. */
export function heightOf(definition: Definition, id: string): number {
  const node = definition.nodes[id];
  const ports = node ? portsOf(node).length : 1;
  return 92 + (ports > 1 ? ports * 26 : 0);
}

/** Every node in a column after all that lead to it, each column in the order of what leads there. */
export function laidOut(definition: Definition): Record<string, Position> {
  const column = columns(definition);
  const before = new Map<string, string[]>();
  for (const [id, node] of Object.entries(definition.nodes)) for (const { target } of portsOf(node)) if (target) before.set(target, [...(before.get(target) ?? []), id]);
  const placed: Record<string, Position> = {};
  const middle = new Map<string, number>();
  const depth = Math.max(0, ...column.values());
  for (let at = 1; at <= depth; at += 1) {
    const ids = inOrder(definition).filter((id) => column.get(id) === at);
    const wanted = new Map(ids.map((id) => [id, mean((before.get(id) ?? []).flatMap((each) => middle.get(each) ?? []))]));
    // What stands above in a node leads above, too.
    const sorted = ids.toSorted((one, other) => (wanted.get(one) ?? 0) - (wanted.get(other) ?? 0));
    const tall = sorted.reduce((sum, id) => sum + heightOf(definition, id) + GAP, -GAP);
    let y = mean(sorted.map((id) => wanted.get(id) ?? 0)) - tall / 2;
    for (const id of sorted) {
      const height = heightOf(definition, id);
      placed[id] = [at * COLUMN, Math.round(y)];
      middle.set(id, y + height / 2);
      y += height + GAP;
    }
  }
  placed[ENTRY] = [0, -46];
  return placed;
}

/** Where every node stands: as somebody put it, else beside the others. */
export function positionsOf(definition: Definition): Record<string, Position> {
  return { ...laidOut(definition), ...definition.layout };
}

const MARGIN = 24;
/** Letters are still read at this. */
const SMALLEST = 0.7;

export interface Box {
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** About where every node is drawn. */
export function boxesOf(definition: Definition): Box[] {
  return Object.entries(positionsOf(definition)).map(([id, [x, y]]) => ({ id, x, y, width: WIDTH, height: heightOf(definition, id) }));
}

/** Where the picture is looked at first: all of it, as far as it can be read; else from where people come in. */
export function beginning(boxes: readonly Box[], width: number, height: number): { x: number; y: number; zoom: number } {
  const [left, right] = [Math.min(...boxes.map((each) => each.x)), Math.max(...boxes.map((each) => each.x + each.width))];
  const [top, bottom] = [Math.min(...boxes.map((each) => each.y)), Math.max(...boxes.map((each) => each.y + each.height))];
  const fits = Math.min((width - 2 * MARGIN) / (right - left), (height - 2 * MARGIN) / (bottom - top));
  const zoom = Math.min(1, Math.max(SMALLEST, fits));
  const entry = boxes.find((each) => each.id === ENTRY) ?? { x: left, y: top, height: 0 };
  const [wide, tall] = [(right - left) * zoom > width - 2 * MARGIN, (bottom - top) * zoom > height - 2 * MARGIN];
  const middle = tall ? entry.y + entry.height / 2 : (top + bottom) / 2;
  return { x: MARGIN - (wide ? entry.x : left) * zoom, y: height / 2 - middle * zoom, zoom };
}

function columns(definition: Definition): Map<string, number> {
  const found = new Map<string, number>();
  const under = new Set<string>();
  const visit = (id: string, at: number) => {
    const node = definition.nodes[id];
    // A way back does not push what it leads to further on.
    if (!node || under.has(id) || (found.get(id) ?? 0) >= at) return;
    found.set(id, at);
    under.add(id);
    for (const { target } of portsOf(node)) if (target) visit(target, at + 1);
    under.delete(id);
  };
  visit(definition.start, 1);
  for (const id of Object.keys(definition.nodes)) if (!found.has(id)) visit(id, 1);
  return found;
}

function mean(values: readonly number[]): number {
  return values.length ? values.reduce((sum, each) => sum + each, 0) / values.length : 0;
}
