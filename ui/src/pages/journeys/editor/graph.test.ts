import { expect, test } from "vitest";
import type { Definition } from "../common/types";
import { added, byNode, ENTRY, figuresOf, inOrder, joined, KINDS, leading, placeAfter, portsOf, targetOf, without } from "./graph";
import { beginning, boxesOf, heightOf, laidOut } from "./layout";
import { type Held, stepped } from "./useHistory";

const EMPTY: Definition = { entry: { kind: "api" }, start: "", nodes: {} };

function chain(): Definition {
  let definition = EMPTY;
  let last: string | null = null;
  for (const kind of ["wait", "branch", "send"] as const) ({ definition, id: last } = added(definition, kind, placeAfter(definition, last)));
  return definition;
}

test("every kind of node can be led anywhere from each of its ways", () => {
  for (const kind of KINDS) {
    const { definition, id } = added(EMPTY, kind, null);
    const node = definition.nodes[id];
    if (!node) throw new Error(kind);
    for (const { name } of portsOf(node)) expect(portsOf(leading(node, name, "there")).find((each) => each.name === name)?.target).toBe("there");
  }
});

test("a node is added at the end of a way, before what was there", () => {
  const definition = chain();
  expect(inOrder(definition)).toEqual(["wait_1", "branch_1", "send_1"]);
  const between = added(definition, "wait", { node: "wait_1", port: "next" }).definition;
  expect(inOrder(between)).toEqual(["wait_1", "wait_2", "branch_1", "send_1"]);
  expect(added(definition, "exit", { node: ENTRY, port: "next" }).definition.start).toBe("exit_1");
});

test("what led to a node that is taken away leads on", () => {
  const rest = without(chain(), "wait_1");
  expect(rest.start).toBe("branch_1");
  expect(targetOf(without(chain(), "branch_1"), { node: "wait_1", port: "next" })).toBe("send_1");
  // With several ways on, none of them is meant.
  const forked = added(chain(), "exit", { node: "branch_1", port: "otherwise" }).definition;
  expect(targetOf(without(forked, "branch_1"), { node: "wait_1", port: "next" })).toBeNull();
  expect(without(EMPTY, "nothing")).toBe(EMPTY);
});

test("faults stand at the nodes that they are of", () => {
  const fault = (path: string) => ({ code: "x", path, en: "", zh: "" });
  expect([...byNode([fault("nodes.send_1.template"), fault("entry.audience"), fault("nodes.send_1")])].map(([id, list]) => [id, list.length])).toEqual([["send_1", 2], [ENTRY, 1]]);
});

test("counts of ways that were led elsewhere since are added up", () => {
  const ways = [
    { node: "", port: "entered", target: "a", people: 5 },
    { node: "", port: "again", target: null, people: 3 },
    { node: "", port: "moved", target: "a", people: 4 },
    { node: "a", port: "next", target: "b", people: 2 },
    { node: "a", port: "next", target: null, people: 1 },
  ];
  expect([...figuresOf({ nodes: [], ways }).ways]).toEqual([[`${ENTRY}:next`, 5], ["a:next", 3]]);
});

test("nodes stand to the right of what leads to them, and none over another, also in circles", () => {
  let definition = chain();
  definition = joined(definition, { node: "send_1", port: "next" }, "wait_1");
  definition = added(definition, "send", { node: "branch_1", port: "otherwise" }).definition;
  definition = added(definition, "give", null).definition;
  const placed = laidOut(definition);
  expect(placed["branch_1"]?.[0]).toBeGreaterThan(placed["wait_1"]?.[0] ?? 0);
  const boxes = Object.keys(definition.nodes).map((id) => ({ x: placed[id]?.[0] ?? 0, y: placed[id]?.[1] ?? 0, height: heightOf(definition, id) }));
  for (const one of boxes) for (const other of boxes) if (one !== other && one.x === other.x) expect(one.y + one.height <= other.y || other.y + other.height <= one.y).toBe(true);
});

test("letters typed into a field are taken back at once, other changes one by one", () => {
  const begun: Held<number> = { past: [], present: 0, future: [], field: null, at: 0 };
  const typed = [1, 2, 3].reduce<Held<number>>((held, value) => stepped(held, { kind: "change", value, field: "label", at: 10_000 + value }), begun);
  expect(stepped(typed, { kind: "undo" }).present).toBe(0);
  const other = stepped(typed, { kind: "change", value: 4, field: null, at: 10_010 });
  expect(stepped(other, { kind: "undo" }).present).toBe(3);
  expect(stepped(stepped(other, { kind: "undo" }), { kind: "redo" }).present).toBe(4);
  expect(stepped(begun, { kind: "redo" })).toBe(begun);
});

test("the first look has everything that can be read at once, else the entry", () => {
  const seen = (definition: Definition, width: number, height: number) => {
    const boxes = boxesOf(definition);
    const { x, y, zoom } = beginning(boxes, width, height);
    expect(zoom).toBeGreaterThanOrEqual(0.7);
    return boxes.filter((each) => each.x * zoom + x >= 0 && (each.x + each.width) * zoom + x <= width && each.y * zoom + y >= 0 && (each.y + each.height) * zoom + y <= height).map((each) => each.id);
  };
  const short = chain();
  expect(seen(short, 900, 500).toSorted()).toEqual([ENTRY, ...Object.keys(short.nodes)].toSorted());
  const back: Definition = { ...short, layout: { wait_1: [-4_000, 2_000], send_1: [4_000, -2_000] } };
  expect(seen(back, 900, 500)).toContain(ENTRY);
});
