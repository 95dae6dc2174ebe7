import { useQuery } from "@tanstack/react-query";
import { api, taken } from "@/api/client";
import { useProject } from "@/session/session";

/** What the members of the project are called, by id. */
export function useMemberNames(): Map<string, string> {
  const project = useProject();
  const members = useQuery({
    queryKey: ["member-names", project.id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/members", { params: { path: { project_id: project.id }, query: { limit: 1000 } } })),
    staleTime: 5 * 60_000,
  });
  return new Map((members.data?.items ?? []).map((member) => [member.id, member.name]));
}
