import { api } from "@/api/client";
import { Star } from "@/components/Star";
import { useProject } from "@/session/session";
import type { Insight } from "./draft";

/** The reader's star on an insight. */
export function InsightStar({ insight }: { insight: Insight }) {
  const { id: project_id } = useProject();
  const params = { path: { project_id, insight_id: insight.id } };
  const address = "/api/projects/{project_id}/insights/{insight_id}/star" as const;
  return (
    <Star
      name={insight.name}
      starred={insight.starred}
      set={(starred) => (starred ? api.PUT(address, { params }) : api.DELETE(address, { params }))}
      refresh={[["insights", project_id], ["insight", project_id, insight.id]]}
    />
  );
}
