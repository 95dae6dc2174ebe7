import type { Got } from "@/api/types";
import type { Condition, SpanUnit } from "@/pages/audiences/conditions/types";
import type { Selector } from "@/query/types";

/** A journey as the API has it; while it is written, anything but the kind may be missing. */
export interface Span {
  count: number;
  unit?: SpanUnit;
}
export type Target = string | null;

interface Step {
  label?: string | null;
}
type Onward = Step & { next?: Target };

export interface Case {
  name: string;
  label?: string | null;
  condition?: Condition;
  next?: Target;
}
export interface Portion {
  name: string;
  label?: string | null;
  percent: number;
  next?: Target;
}

export type Wait = Onward & { kind: "wait"; span?: Span };
export type WaitUntil = Onward & { kind: "wait_until"; at?: string; weekdays?: number[]; zone?: "person" | "project" };
export type WaitFor = Step & { kind: "wait_for"; event?: Selector; timeout?: Span; happened?: Target; timed_out?: Target };
export type Branch = Step & { kind: "branch"; cases: Case[]; otherwise?: Target };
export type Split = Step & { kind: "split"; portions: Portion[]; salt?: string };
export type Trial = Step & { kind: "experiment"; experiment?: string; variants: Record<string, Target>; otherwise?: Target };
export type Send = Onward & { kind: "send"; template?: string; channels: string[]; purpose?: string; priority?: "high" | "normal" | "low" | null; send_time?: "at_once" | "best_time" | null };
export type SetProperty = Onward & { kind: "set_property"; property?: string; value?: string | number | boolean };
export type SetTag = Onward & { kind: "set_tag"; tag?: string; value?: string | null };
export type AddToAudience = Onward & { kind: "add_to_audience"; audience?: string; remove?: boolean };
export type Give = Onward & { kind: "give"; reward?: string; quantity?: number };
export type CreateTask = Onward & { kind: "task"; title?: string; member?: string; due?: Span | null };
export type Webhook = Onward & { kind: "webhook"; channel?: string };
export type Exit = Step & { kind: "exit"; reason?: string };

export type JourneyNode = Wait | WaitUntil | WaitFor | Branch | Split | Trial | Send | SetProperty | SetTag | AddToAudience | Give | CreateTask | Webhook | Exit;
export type NodeKind = JourneyNode["kind"];

/** The kinds of nodes as the palette groups them. */
export const PALETTE = {
  waiting: ["wait", "wait_until", "wait_for"],
  deciding: ["branch", "split", "experiment"],
  acting: ["send", "set_property", "set_tag", "add_to_audience", "give", "task", "webhook"],
  ending: ["exit"],
} as const satisfies Record<string, readonly NodeKind[]>;

export type Entry =
  | { kind: "audience"; audience?: string; present?: boolean; leave?: boolean }
  | { kind: "event"; event?: Selector; condition?: Condition | null }
  | { kind: "schedule"; cron?: string; condition?: Condition }
  | { kind: "api" };
export const ENTRIES = ["event", "audience", "schedule", "api"] as const satisfies readonly Entry["kind"][];

export interface Reentry {
  rule: "never" | "after_exit" | "always";
  pause?: Span | null;
}
export interface Caps {
  total?: number | null;
  a_day?: number | null;
  inside?: number | null;
}
export interface Goal {
  event?: Selector;
  within?: Span;
  leave?: boolean;
}

export interface Definition {
  entry: Entry;
  start: string;
  nodes: Record<string, JourneyNode>;
  reentry?: Reentry;
  caps?: Caps;
  goal?: Goal | null;
  leave_on?: Selector | null;
  layout?: Record<string, [number, number]>;
}

export type Journey = Omit<Got<"/api/projects/{project_id}/journeys/{journey_id}">, "draft"> & { draft: Definition };
export type JourneyState = Journey["state"];
export type Version = Omit<Got<"/api/projects/{project_id}/journeys/{journey_id}/versions">[number], "definition"> & { definition: Definition };
export type Counts = Got<"/api/projects/{project_id}/journeys/{journey_id}/counts">;
export type Passage = Got<"/api/projects/{project_id}/journeys/{journey_id}/people">["items"][number];
export type Deed = Got<"/api/projects/{project_id}/journeys/{journey_id}/deeds">["items"][number];
export type Week = Got<"/api/projects/{project_id}/journeys/week">[number];
export type MemberTask = Got<"/api/projects/{project_id}/journeys/tasks">["items"][number];

export interface Problem {
  code: string;
  path: string;
  en: string;
  zh: string;
  line?: number | null;
}

/** How many people are at nodes, came to them, and went each way; ways by `node:port`. */
export interface Figures {
  nodes: ReadonlyMap<string, { came: number; inside: number }>;
  ways: ReadonlyMap<string, number>;
}
