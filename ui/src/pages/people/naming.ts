import { valueText } from "@/components/page";

interface Someone {
  person_id: string;
  distinct_ids: readonly string[];
  properties: Readonly<Record<string, unknown>>;
}

const NAMES = ["$name", "name", "姓名", "昵称", "nickname", "email", "$email"];

/** What somebody is called: a name if there is one, else an id. */
export function nameOf(person: Someone): string {
  for (const name of NAMES) {
    const text = valueText(person.properties[name]);
    if (text !== "") return text;
  }
  return person.distinct_ids[0] ?? `#${person.person_id}`;
}

/** How the API finds a person again. */
export function referenceOf(person: Pick<Someone, "person_id">): string {
  return `#${person.person_id}`;
}

export function personAddress(projectId: string, person: Pick<Someone, "person_id">): string {
  return `/p/${projectId}/person?person=${encodeURIComponent(referenceOf(person))}`;
}

/** The names of all properties that some of the people have, the most frequent first. */
export function propertyNames(people: readonly Pick<Someone, "properties">[]): string[] {
  const counts = new Map<string, number>();
  for (const person of people) for (const name of Object.keys(person.properties)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([one, many], [other, more]) => more - many || one.localeCompare(other)).map(([name]) => name);
}

/** Ids as somebody pasted them: one a line or set apart, each once. */
export function pastedIds(text: string): string[] {
  return [...new Set(text.split(/[\s,;，；、]+/).map((each) => each.replace(/^["']|["']$/g, "")).filter((each) => each !== ""))];
}
