/** From best to worst, where the values of a kind of tag are known. */
const KNOWN: Record<string, readonly string[]> = {
  stages: ["mature", "growing", "onboarding", "dormant", "lost"],
  rfm: ["important_value", "important_develop", "important_keep", "important_win_back", "general_value", "general_develop", "general_keep", "general_win_back"],
  activity_tier: ["core", "high", "medium", "low"],
  churn: ["low", "medium", "high"],
  outcome: ["high", "medium", "low"],
  value: ["top", "high", "medium", "low"],
};

interface Ordered {
  kind: string;
  definition: unknown;
  values: readonly { value: string }[];
}

/** The values of a tag in the order that its kind suggests, the best one first. */
export function suggestedOrder({ kind, definition, values }: Ordered): string[] {
  const held = values.map((each) => each.value);
  const known = KNOWN[kind];
  if (known && (kind !== "activity_tier" || held.every((value) => known.includes(value)))) return [...known];
  const tiers = tierNames(definition);
  if (tiers.length) return tiers.toReversed();
  const { cases = [], otherwise } = (definition ?? {}) as { cases?: { value: string }[]; otherwise?: string | null };
  return [...new Set([...cases.map((each) => each.value), ...held.filter((value) => value !== otherwise), ...(otherwise ? [otherwise] : [])])];
}

/** Names of tiers, the lowest first. */
function tierNames(definition: unknown): string[] {
  return (definition as { score?: { tiers?: { names?: string[] } } } | null)?.score?.tiers?.names ?? [];
}

/** The list with one of its values a place further up (-1) or down (1). */
export function moved<Value>(list: readonly Value[], place: number, by: -1 | 1): Value[] {
  const value = list[place];
  const target = place + by;
  if (value === undefined || target < 0 || target >= list.length) return [...list];
  return list.toSpliced(place, 1).toSpliced(target, 0, value);
}
