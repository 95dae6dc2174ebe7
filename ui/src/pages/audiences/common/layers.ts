import type { Link, Subject } from "@/query/subjects";

interface Graph {
  subjects: readonly Subject[];
  links: readonly Link[];
}

/** What one of them uses in the end, and what uses it in the end. */
export function around(chosen: string, subjects: readonly Subject[], links: readonly Link[]): Graph {
  const reached = new Set([...reach(chosen, links, "user", "used"), ...reach(chosen, links, "used", "user")]);
  return { subjects: subjects.filter((each) => reached.has(each.id)), links: links.filter((link) => reached.has(link.user) && reached.has(link.used)) };
}

function reach(from: string, links: readonly Link[], near: keyof Link, far: keyof Link): Set<string> {
  const found = new Set([from]);
  const open = [from];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const link of links) {
      if (link[near] !== next || found.has(link[far])) continue;
      found.add(link[far]);
      open.push(link[far]);
    }
  }
  return found;
}

/** Places in columns: what is used stands left of what uses it. */
export function layered({ subjects, links }: Graph) {
  const depths = new Map<string, number>();
  const depthOf = (id: string): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    depths.set(id, 0);
    const depth = Math.max(-1, ...links.filter((link) => link.user === id).map((link) => depthOf(link.used))) + 1;
    depths.set(id, depth);
    return depth;
  };
  const columns = new Map<number, Subject[]>();
  for (const subject of subjects) columns.set(depthOf(subject.id), [...(columns.get(depthOf(subject.id)) ?? []), subject]);
  const height = Math.max(1, ...[...columns.values()].map((column) => column.length));
  const nodes = [...columns].flatMap(([depth, column]) => column.map((subject, place) => ({ subject, x: depth, y: (place + 0.4) * (height / column.length) })));
  return { nodes, links: [...links], height, depth: Math.max(0, ...columns.keys()) };
}
