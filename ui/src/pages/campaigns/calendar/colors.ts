import type { Lever } from "../shared/types";

// White letters can be read on each.
const COLORS: Record<Lever, string> = { acquire: "#3355ff", activate: "#0f7d70", retain: "#7a2fbf", convert: "#a14b00", refer: "#b01e68", win_back: "#56607a" };

export function leverColor(lever: Lever): string {
  return COLORS[lever];
}
