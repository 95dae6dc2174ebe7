import { useQuery } from "@tanstack/react-query";
import { api, taken } from "@/api/client";
import type { Got } from "@/api/types";
import { useProject } from "@/session/session";
import type { PropertyRef } from "./types";

type Graph = Got<"/api/projects/{project_id}/subjects/graph">;
export type Subject = Graph["nodes"][number];
export type Link = Graph["links"][number];
const NONE: Subject[] = [];

/** All audiences and tags by name, with what refers to what. */
export function useSubjects() {
  const { id: project_id } = useProject();
  const graph = useQuery({
    queryKey: ["subjects", project_id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/subjects/graph", { params: { path: { project_id } } })),
    staleTime: 60_000,
  });
  return { subjects: graph.data?.nodes ?? NONE, links: graph.data?.links ?? [], ready: !graph.isPending };
}

/** What a property is called: audiences and tags are known by their ids. */
export function useRefName(): (ref: PropertyRef) => string {
  const { subjects } = useSubjects();
  return (ref) => (ref.scope === "tag" || ref.scope === "audience" ? subjects.find((each) => each.id === ref.name)?.name : undefined) ?? ref.name;
}

/** The values that people have of a tag, the most frequent first. */
export function useTagValues(tagId: string | null): string[] {
  const { id: project_id } = useProject();
  const tag = useQuery({
    queryKey: ["tags", project_id, "one", tagId],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/tags/{tag_id}", { params: { path: { project_id, tag_id: tagId ?? "" } } })),
    enabled: Boolean(tagId),
    staleTime: 60_000,
  });
  return (tag.data?.values ?? []).map((each) => each.value);
}
