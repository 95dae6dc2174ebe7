import { useTranslation } from "react-i18next";
import { Mark, type Tone } from "@/components/page";
import { useFigures } from "@/results/figures";
import type { Effect } from "../common/types";

const TONES: Record<string, Tone> = { safe: "good", harmed: "bad", worse: "care", unclear: "quiet" };

/** Whether a guard rail holds, with the largest harm that is still possible. */
export function GuardMark({ effect }: { effect: Effect }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const guard = effect.guard_rail;
  if (!guard) return null;
  return (
    <span style={{ marginInlineStart: 10 }}>
      <Mark tone={TONES[guard.verdict] ?? "quiet"}>{t(`experiments.reading.guard.${guard.verdict}`)}</Mark>
      {guard.worst !== null && <small>{t("experiments.reading.guardHint", { worst: figures.percent(Math.max(0, guard.worst)), margin: figures.percent(guard.margin) })}</small>}
    </span>
  );
}
