import { GLOBAL, HOLDOUT, type Preflight, type Reach } from "../shared/types";

/** A step of the picture: what is left after it, and what it takes away. */
export interface Step {
  kind: "start" | "loss" | "left" | "final";
  /** Of losses: why. */
  reason?: string;
  people: number;
  lost: number;
  /** Of the final step: how many get it later, after their quiet hours. */
  later?: number;
  channel?: string;
}

/** The audience of one message shrinking step by step: arms held out, other variants, then what blocks people. */
export function shrinking(found: Preflight, reach: Reach): Step[] {
  let left = found.people.audience;
  const steps: Step[] = [{ kind: "start", people: left, lost: 0 }];
  const lose = (reason: string, lost: number) => {
    if (lost <= 0) return;
    left -= lost;
    steps.push({ kind: "loss", reason, people: left, lost });
  };
  lose(GLOBAL, found.people.arms[GLOBAL] ?? 0);
  lose(HOLDOUT, found.people.arms[HOLDOUT] ?? 0);
  lose("variant", left - reach.asked);
  for (const [reason, people] of Object.entries(reach.blocked).sort((one, other) => other[1] - one[1])) lose(reason, people);
  steps.push({ kind: "final", people: reach.people, lost: 0, later: reach.delayed });
  const channels = Object.entries(reach.by_channel).filter(([, people]) => people > 0);
  if (channels.length > 1) for (const [channel, people] of channels) steps.push({ kind: "left", people, lost: 0, channel });
  return steps;
}
