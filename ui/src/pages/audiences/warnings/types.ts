import type { Got } from "@/api/types";
import type { Condition } from "../conditions/types";

type Wire = Got<"/api/projects/{project_id}/warnings/rules">["items"][number];
export type Rule = Omit<Wire, "valuable"> & { valuable: Condition | null };
export type Warned = Got<"/api/projects/{project_id}/warnings">["items"][number];
export type Unit = Wire["unit"];

/** What a rule is made of while it is written. */
export interface RuleHeld {
  name: string;
  tag_id: string;
  order: string[];
  valuable: Condition | null;
  unit: Unit;
  history: number;
  false_alarms: number;
}

export const FRESH_RULE: RuleHeld = { name: "", tag_id: "", order: [], valuable: null, unit: "day", history: 28, false_alarms: 0.005 };
