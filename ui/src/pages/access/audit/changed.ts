export interface Change {
  name: string;
  before: unknown;
  after: unknown;
}

type Values = Readonly<Record<string, unknown>> | null;

/** What differs between two sets of values, by name; what is on one side only is a difference too. */
export function changesOf(before: Values, after: Values): Change[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].sort();
  return names
    .map((name) => ({ name, before: before?.[name], after: after?.[name] }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after));
}
