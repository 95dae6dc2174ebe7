import { useQuery } from "@tanstack/react-query";
import { api, taken } from "@/api/client";
import { useProject } from "@/session/session";

/** The project's tags of a kind, the newest first. */
export function useTagsOfKind(...kinds: string[]) {
  const { id: project_id } = useProject();
  const tags = useQuery({
    queryKey: ["tags", project_id, "all"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/tags", { params: { path: { project_id }, query: { limit: 200 } } })),
    staleTime: 30_000,
  });
  return { tags: (tags.data?.items ?? []).filter((tag) => kinds.includes(tag.kind)), ready: !tags.isPending, error: tags.error };
}
