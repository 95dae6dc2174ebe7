import { useTranslation } from "react-i18next";
import { Mark, type Tone } from "@/components/page";
import type { Outcome, Status } from "./types";

const STATUS_TONES: Record<Status, Tone> = { draft: "quiet", running: "busy", stopped: "care", decided: "good" };
const OUTCOME_TONES: Record<Outcome, Tone> = {
  better: "good",
  worse: "bad",
  guard_rail_harmed: "bad",
  nothing_shown: "quiet",
  too_early: "quiet",
  stopped: "bad",
  not_attributable: "care",
};

export function StatusMark({ status }: { status: Status }) {
  const { t } = useTranslation();
  return <Mark tone={STATUS_TONES[status]}>{t(`experiments.statuses.${status}`)}</Mark>;
}

/** The verdict in a word. */
export function OutcomeMark({ outcome }: { outcome: Outcome }) {
  const { t } = useTranslation();
  return <Mark tone={OUTCOME_TONES[outcome]}>{t(`experiments.outcomes.${outcome}`)}</Mark>;
}

/** The variants, each with its share, as one bar. */
export function SharesBar({ shares, nameOf = (key) => key }: { shares: Record<string, number>; nameOf?: (key: string) => string }) {
  const entries = Object.entries(shares);
  const told = entries.map(([key, share]) => `${nameOf(key)} ${Math.round(share * 1000) / 10}%`);
  return (
    <div className="shares" role="img" aria-label={told.join(", ")} title={told.join("\n")}>
      {entries.map(([key, share], place) => (
        <span key={key} style={{ width: `${share * 100}%`, background: VARIANT_COLORS[place % VARIANT_COLORS.length] }} />
      ))}
    </div>
  );
}

export const VARIANT_COLORS = ["#8a94a6", "#3355ff", "#18b5a4", "#f2994a", "#9b51e0", "#eb5757", "#2d9cdb", "#6fcf97", "#bb6bd9", "#56607a"];
