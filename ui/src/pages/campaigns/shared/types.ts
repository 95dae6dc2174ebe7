import type { Got, Schemas } from "@/api/types";

type One = "/api/projects/{project_id}/campaigns/{campaign_id}";
export type Campaign = Got<One>;
export type Status = Campaign["status"];
export type Verb = Campaign["actions"][number];
export type Lever = Campaign["lever"];
/** A plan as these pages hold it: the server's, where parts may be given back as they came. */
export type Plan = Campaign["plan"];
export type Message = NonNullable<Plan["messages"]>[number];
export type Variant = Plan["variants"] extends (infer Each)[] | undefined ? Each : never;
export type Template = Got<"/api/projects/{project_id}/campaign-templates">[number];
export type Preflight = Got<`${One}/preflight`>;
export type Finding = Preflight["findings"][number];
export type Reach = Preflight["channels"][number];
export type Rehearsal = Got<`${One}/rehearsal`>;
export type Progress = Got<`${One}/progress`>;
export type Money = Got<`${One}/costs`>;
export type Cost = Money["lines"][number];
export type Task = Got<`${One}/tasks`>[number];
export type CampaignFile = Got<`${One}/files`>["items"][number];
export type Approvals = Got<`${One}/approvals`>;
export type Rule = Got<"/api/projects/{project_id}/campaign-approval-rules">["items"][number];
export type Activity = Got<`${One}/activity`>["items"][number];
export type Comment = Got<`${One}/comments`>["items"][number];
export type Report = Got<`${One}/report`>;
export type Interval = NonNullable<Report["conversions"]>;
export type Look = Got<`${One}/report/looks`>[number];
type Dated = Got<"/api/projects/{project_id}/campaign-calendar">;
export type Entry = Dated["entries"][number];
export type Conflict = Omit<Dated["conflicts"][number], "campaign_ids"> & { campaign_ids: string[] };
export type Calendar = Omit<Dated, "conflicts"> & { conflicts: Conflict[] };
export type Channel = Schemas["ChannelOutput"];

export const STATUSES = ["draft", "review", "scheduled", "running", "paused", "finished", "evaluated"] as const satisfies readonly Status[];
export const LEVERS = ["acquire", "activate", "retain", "convert", "refer", "win_back"] as const satisfies readonly Lever[];
/** What people who are not reached are called among the arms. */
export const HOLDOUT = "holdout";
export const GLOBAL = "global_holdout";
