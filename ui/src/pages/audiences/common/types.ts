import type { Got } from "@/api/types";

export type Audience = Got<"/api/projects/{project_id}/audiences/{audience_id}">;
/** What a definition says depends on its kind: the pages of tags have types for those. */
export type Tag = Omit<Got<"/api/projects/{project_id}/tags/{tag_id}">, "definition"> & { definition: unknown };
export type Run = Got<"/api/projects/{project_id}/subjects/{subject_id}/runs">["items"][number];
export type Version = Got<"/api/projects/{project_id}/subjects/{subject_id}/versions">[number];
export type Rhythm = Audience["refresh"];
export const RHYTHMS: readonly Rhythm[] = ["never", "hourly", "daily", "live"];
