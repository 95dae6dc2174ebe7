import type { Report } from "../shared/types";

export type Verdict = "stopped" | "noHoldout" | "better" | "worse" | "unclear";

/** What a report comes to, by conversion of all variants together. */
export function verdictOf(report: Report): Verdict {
  if (report.stopped) return "stopped";
  const effect = report.effects.find((each) => each.arm === "all" && each.measure === "conversion");
  if (!effect) return "noHoldout";
  return effect.verdict === "none" ? "unclear" : effect.verdict;
}

export const VERDICT_TONES: Record<Verdict, "good" | "bad" | ""> = { better: "good", worse: "bad", stopped: "bad", noHoldout: "", unclear: "" };
