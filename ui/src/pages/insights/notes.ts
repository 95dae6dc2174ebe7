import { useQuery } from "@tanstack/react-query";
import { api, taken } from "@/api/client";
import type { Note } from "@/results/types";
import { useProject } from "@/session/session";

const NONE: Note[] = [];

/** What happened on which day, for lines in charts. */
export function useNotes(): Note[] {
  const { id: project_id } = useProject();
  const found = useQuery({
    queryKey: ["annotations", project_id],
    queryFn: async () => {
      const page = await taken(api.GET("/api/projects/{project_id}/annotations", { params: { path: { project_id }, query: { limit: 200 } } }));
      return page.items.map((each) => ({ day: each.time.slice(0, 10), text: each.text }));
    },
  });
  return found.data ?? NONE;
}
