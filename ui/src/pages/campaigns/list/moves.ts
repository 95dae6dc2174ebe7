import type { Campaign, Status, Verb } from "../shared/types";

/** The state that each verb leads to. */
const TARGETS: Record<Verb, Status> = { submit: "review", withdraw: "draft", schedule: "scheduled", unschedule: "draft", start: "running", pause: "paused", resume: "running", finish: "finished", evaluate: "evaluated" };

export interface Move {
  verb: Verb;
  to: Status;
}

/** Where a campaign can be moved to now, and by which verb. */
export function movesOf(campaign: Pick<Campaign, "actions" | "status">): Move[] {
  return campaign.actions.map((verb) => ({ verb, to: TARGETS[verb] })).filter((move) => move.to !== campaign.status);
}
