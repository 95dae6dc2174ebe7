import { useQuery } from "@tanstack/react-query";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { useProject } from "@/session/session";

export type Metric = Schemas["MetricOutput"];

const NONE: Metric[] = [];

/** The project's metrics; none where they are not `wanted`. */
export function useMetrics(wanted = true): { items: Metric[]; ready: boolean } {
  const { id: project_id } = useProject();
  const found = useQuery({
    queryKey: ["metrics", project_id, "all"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/metrics", { params: { path: { project_id }, query: { limit: 200 } } })),
    enabled: wanted,
  });
  return { items: found.data?.items ?? NONE, ready: !wanted || !found.isPending };
}
