import { useQuery } from "@tanstack/react-query";
import { api, taken } from "@/api/client";
import { useProject } from "@/session/session";
import type { Tag } from "../common/types";
import type { Rule } from "./types";

/** The rules of the project, the newest first. */
export function useRules() {
  const { id: project_id } = useProject();
  return useQuery({
    queryKey: ["warning-rules", project_id, "list"],
    queryFn: async () => {
      const page = await taken(api.GET("/api/projects/{project_id}/warnings/rules", { params: { path: { project_id }, query: { limit: 400 } } }));
      return page.items as unknown as Rule[];
    },
  });
}

/** The project's tags with their values, whose order may be watched. */
export function useTags() {
  const { id: project_id } = useProject();
  const tags = useQuery({
    queryKey: ["tags", project_id, "all"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/tags", { params: { path: { project_id }, query: { limit: 200 } } })),
    staleTime: 30_000,
  });
  return { tags: (tags.data?.items ?? []) as Tag[], ready: !tags.isPending, error: tags.error };
}
