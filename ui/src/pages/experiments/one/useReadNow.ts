import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { useAction } from "@/components/page";
import { useProject } from "@/session/session";

/** Takes a reading now, which is kept beside the others. */
export function useRead(experiment_id: string) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  return useAction(() => taken(api.POST("/api/projects/{project_id}/experiments/{experiment_id}/read", { params: { path: { project_id, experiment_id } } })), {
    done: t("experiments.one.readDone"),
    refresh: [["experiments", project_id], ["looks", project_id, experiment_id], ["course", project_id, experiment_id], ["returns", project_id, experiment_id]],
  });
}
