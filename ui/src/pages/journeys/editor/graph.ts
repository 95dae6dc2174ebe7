import { type Definition, type Figures, type JourneyNode, type NodeKind, PALETTE, type Problem, type Target } from "../common/types";

/** Where the picture says how people come in; no id of a node can be this. */
export const ENTRY = "$entry";
export const KINDS: readonly NodeKind[] = Object.values(PALETTE).flat();

export interface Port {
  name: string;
  target: Target;
}

/** The ways out of a node, in their order. */
export function portsOf(node: JourneyNode): Port[] {
  switch (node.kind) {
    case "exit":
      return [];
    case "wait_for":
      return [port("happened", node.happened), port("timed_out", node.timed_out)];
    case "branch":
      return [...node.cases.map((each) => port(each.name, each.next)), port("otherwise", node.otherwise)];
    case "split":
      return node.portions.map((each) => port(each.name, each.next));
    case "experiment":
      return [...Object.entries(node.variants).map(([name, target]) => port(name, target)), port("otherwise", node.otherwise)];
    default:
      return [port("next", node.next)];
  }
}

function port(name: string, target: Target | undefined): Port {
  return { name, target: target ?? null };
}

/** A node one of whose ways leads somewhere else. */
export function leading<Node extends JourneyNode>(node: Node, name: string, target: Target): Node {
  const held: JourneyNode = node;
  if (held.kind === "branch" && name !== "otherwise") return { ...held, cases: held.cases.map((each) => (each.name === name ? { ...each, next: target } : each)) } as JourneyNode as Node;
  if (held.kind === "split") return { ...held, portions: held.portions.map((each) => (each.name === name ? { ...each, next: target } : each)) } as JourneyNode as Node;
  if (held.kind === "experiment" && name !== "otherwise") return { ...held, variants: { ...held.variants, [name]: target } } as JourneyNode as Node;
  return { ...held, [name]: target } as JourneyNode as Node;
}

/** A new node; what it needs is chosen afterwards. */
export function fresh(kind: NodeKind): JourneyNode {
  switch (kind) {
    case "wait":
      return { kind, span: { count: 1, unit: "day" } };
    case "wait_until":
      return { kind, at: "09:00" };
    case "wait_for":
      return { kind, event: { events: [] }, timeout: { count: 3, unit: "day" } };
    case "branch":
      return { kind, cases: [{ name: "case_1" }] };
    case "split":
      return { kind, portions: [{ name: "a", percent: 50 }, { name: "b", percent: 50 }] };
    case "experiment":
      return { kind, variants: {} };
    case "send":
      return { kind, channels: [], purpose: "marketing" };
    case "set_tag":
      return { kind, value: "" };
    default:
      return { kind };
  }
}

/** A name that is not taken: `case_1`, `case_2`, … */
export function nameFor(taken: Iterable<string>, stem: string): string {
  const held = new Set(taken);
  let number = 1;
  while (held.has(`${stem}_${number}`)) number += 1;
  return `${stem}_${number}`;
}

export interface Place {
  node: string;
  port: string;
}

/** A node more: at the end of a way, before what that led to, or with no way to it. */
export function added(definition: Definition, kind: NodeKind, after: Place | null, at?: [number, number]): { definition: Definition; id: string } {
  const id = nameFor(Object.keys(definition.nodes), kind);
  const ahead = after ? targetOf(definition, after) : null;
  let node = fresh(kind);
  const first = portsOf(node)[0];
  if (ahead && first) node = leading(node, first.name, ahead);
  const nodes = { ...definition.nodes, [id]: node };
  const layout = at ? { ...definition.layout, [id]: at } : definition.layout;
  const grown = { ...definition, nodes, ...(layout ? { layout } : {}) };
  if (after) return { definition: joined(grown, after, id), id };
  return { definition: definition.start in definition.nodes ? grown : { ...grown, start: id }, id };
}

export function targetOf(definition: Definition, { node, port: name }: Place): Target {
  if (node === ENTRY) return definition.start in definition.nodes ? definition.start : null;
  const found = definition.nodes[node];
  return (found && portsOf(found).find((each) => each.name === name)?.target) ?? null;
}

/** A way that leads to a node; null: out of the journey. */
export function joined(definition: Definition, { node, port: name }: Place, target: Target): Definition {
  if (node === ENTRY) return { ...definition, start: target ?? "" };
  const found = definition.nodes[node];
  if (!found) return definition;
  return { ...definition, nodes: { ...definition.nodes, [node]: leading(found, name, target) } };
}

/** Without a node; what led to it leads on to what came after it. */
export function without(definition: Definition, id: string): Definition {
  const gone = definition.nodes[id];
  if (!gone) return definition;
  const ahead = onlyTarget(gone, id);
  const nodes: Definition["nodes"] = {};
  for (const [key, node] of Object.entries(definition.nodes)) {
    if (key === id) continue;
    nodes[key] = portsOf(node).reduce((held, each) => (each.target === id ? leading(held, each.name, ahead) : held), node);
  }
  const layout = Object.fromEntries(Object.entries(definition.layout ?? {}).filter(([key]) => key !== id));
  return { ...definition, nodes, start: definition.start === id ? (ahead ?? "") : definition.start, layout };
}

/** Where all that comes after a node is, if that is one place. */
function onlyTarget(node: JourneyNode, own: string): Target {
  const targets = new Set(portsOf(node).flatMap((each) => (each.target === null || each.target === own ? [] : [each.target])));
  return targets.size === 1 ? ([...targets][0] ?? null) : null;
}

/** Where "add after" puts a node: the first way of the chosen node that leads nowhere, else its first. */
export function placeAfter(definition: Definition, selected: string | null): Place | null {
  if (selected === null || selected === ENTRY) return { node: ENTRY, port: "next" };
  const node = definition.nodes[selected];
  const ports = node ? portsOf(node) : [];
  const found = ports.find((each) => each.target === null) ?? ports[0];
  return found ? { node: selected, port: found.name } : null;
}

/** The ids of nodes as people come to them; those that nothing leads to last. */
export function inOrder(definition: Definition): string[] {
  const found: string[] = [];
  const ahead = [definition.start];
  while (ahead.length) {
    const id = ahead.shift() ?? "";
    const node = definition.nodes[id];
    if (!node || found.includes(id)) continue;
    found.push(id);
    ahead.push(...portsOf(node).flatMap((each) => each.target ?? []));
  }
  return [...found, ...Object.keys(definition.nodes).filter((id) => !found.includes(id))];
}

/** The node that a fault is of. */
export function nodeOfPath(path: string): string {
  return /^nodes\.([a-z0-9_]+)/.exec(path)?.[1] ?? ENTRY;
}

export function byNode(problems: readonly Problem[]): Map<string, Problem[]> {
  const found = new Map<string, Problem[]>();
  for (const each of problems) {
    const id = nodeOfPath(each.path);
    found.set(id, [...(found.get(id) ?? []), each]);
  }
  return found;
}

interface Counted {
  nodes: readonly { node: string; came: number; inside: number }[];
  ways: readonly { node: string; port: string; target: string | null; people: number }[];
}

/** Counts as the picture shows them. */
export function figuresOf({ nodes, ways }: Counted): Figures {
  const went = new Map<string, number>();
  for (const { node, port: name, target, people } of ways) {
    // Who is not let in goes nowhere, and who moves to another version has come in before.
    if (!node && (!target || name === "moved")) continue;
    const key = node ? `${node}:${name}` : `${ENTRY}:next`;
    went.set(key, (went.get(key) ?? 0) + people);
  }
  return { nodes: new Map(nodes.map((each) => [each.node, each])), ways: went };
}
