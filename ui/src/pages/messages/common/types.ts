import type { Got, Schemas } from "@/api/types";

export type Medium = "email" | "sms" | "push" | "in_app" | "bot" | "webhook";
export const MEDIA: readonly Medium[] = ["email", "sms", "push", "in_app", "bot", "webhook"];

export type Template = Got<"/api/projects/{project_id}/message-templates/{template_id}">;
export type TemplateRow = Schemas["TemplateRow"];
export type Version = Schemas["TemplateVersionOutput"];
export type Body = Template["body"];
export type Problem = Schemas["ProblemOutput"];
export type Preview = Schemas["Preview"];
export type Design = Schemas["DesignOutput"];
export type Snippet = Schemas["SnippetOutput"];
export type Seed = Schemas["Seed"];
export type Channel = Schemas["ChannelOutput"];
export type Kind = Schemas["KindOutput"];
export type Activity = Schemas["ChannelActivity"];
export type TestOutcome = Schemas["TestOutcome"];
export type Purpose = Got<"/api/projects/{project_id}/consent/purposes">[number];

/** What one language of one variant says; which fields there are is up to the medium. */
export type Content = { medium: Medium } & Record<string, unknown>;

/** Values that templates are looked at with. */
export interface Sample {
  person?: Record<string, unknown>;
  event?: Record<string, unknown>;
  campaign?: Record<string, unknown>;
}
