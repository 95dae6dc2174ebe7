import { useQuery } from "@tanstack/react-query";
import { api, taken } from "@/api/client";
import { useProject } from "@/session/session";
import type { Flag } from "./types";

export function useFlag(key: string | undefined) {
  const { id: project_id } = useProject();
  return useQuery({
    queryKey: ["flags", project_id, "one", key],
    queryFn: async () => (await taken(api.GET("/api/projects/{project_id}/flags/{key}", { params: { path: { project_id, key: key ?? "" } } }))) as unknown as Flag,
    enabled: key !== undefined,
    staleTime: 0,
  });
}
