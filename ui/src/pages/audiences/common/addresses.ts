import type { Subject } from "@/query/subjects";

/** The page of an audience or a tag. */
export function addressOf(projectId: string, { id, type }: Pick<Subject, "id" | "type">): string {
  return `/p/${projectId}/${type === "audience" ? "audiences" : "tags"}/${id}`;
}
