import { useQuery } from "@tanstack/react-query";
import { api, taken } from "@/api/client";
import { useProject } from "@/session/session";

/** The names of the project's events as choices, the most frequent first. */
export function useEventNames(): { value: string; label: string }[] {
  const project = useProject();
  const events = useQuery({
    queryKey: ["event-names", project.id],
    queryFn: () =>
      taken(api.GET("/api/projects/{project_id}/catalog/events", { params: { path: { project_id: project.id }, query: { limit: 1000 } } })),
    staleTime: 5 * 60_000,
  });
  return (events.data?.items ?? [])
    .toSorted((one, other) => other.seen.count - one.seen.count)
    .map((event) => ({ value: event.name, label: event.name }));
}
