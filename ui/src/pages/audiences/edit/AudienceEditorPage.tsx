import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useLocation, useParams } from "react-router";
import { api, taken } from "@/api/client";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { useProject } from "@/session/session";
import type { Condition } from "../conditions/types";
import { AudienceForm, type Begun } from "./AudienceForm";

/** A new audience by conditions, or new conditions for one. */
export function AudienceEditorPage() {
  const { t } = useTranslation();
  const { audienceId } = useParams();
  const begun = useLocation().state as Partial<Begun> | null;
  const { id: project_id } = useProject();
  const audience = useQuery({
    queryKey: ["audiences", project_id, "one", audienceId],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/audiences/{audience_id}", { params: { path: { project_id, audience_id: audienceId ?? "" } } })),
    enabled: audienceId !== undefined,
    staleTime: 0,
  });
  if (audienceId === undefined) return <AudienceForm title={t("audiences.editor.newTitle")} begun={{ name: "", description: "", refresh: "daily", condition: { kind: "all", items: [] }, ...begun }} />;
  if (audience.isPending) return <Waiting />;
  if (audience.error) return <Failure error={audience.error} retry={() => void audience.refetch()} />;
  const { name, description, refresh, condition } = audience.data;
  return <AudienceForm key={audienceId} title={t("audiences.editor.editTitle")} audience={audience.data} begun={{ name, description, refresh, condition: (condition ?? { kind: "all", items: [] }) as unknown as Condition }} />;
}
