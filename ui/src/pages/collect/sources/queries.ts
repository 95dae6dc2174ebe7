import { useQuery } from "@tanstack/react-query";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { useProject } from "@/session/session";

export type Source = Schemas["SourceOutput"];
export type WriteKey = Schemas["WriteKeyOutput"];

const MOST = 1000;

/** The sources of the project with their write keys. */
export function useSources() {
  const project = useProject();
  return useQuery({
    queryKey: ["sources", project.id],
    queryFn: async () => {
      const params = { path: { project_id: project.id }, query: { limit: MOST } };
      const [sources, keys] = await Promise.all([
        taken(api.GET("/api/projects/{project_id}/sources", { params })),
        taken(api.GET("/api/projects/{project_id}/write-keys", { params })),
      ]);
      return sources.items.map((source) => ({ ...source, keys: keys.items.filter((key) => key.source_id === source.id) }));
    },
  });
}

export type SourceWithKeys = NonNullable<ReturnType<typeof useSources>["data"]>[number];
