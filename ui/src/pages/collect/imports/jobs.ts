import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { useAction } from "@/components/page";
import { useProject } from "@/session/session";

export type FileImport = Schemas["FileImportOutput"];

export const isActive = (one: FileImport) => one.state === "queued" || one.state === "running" || one.state === "undoing";

/** The figures of the note of a running import: "rows=10 accepted=9 …". */
export function figuresOf(note: string | null): Record<string, number> {
  return Object.fromEntries(
    (note ?? "").split(" ").flatMap((part) => {
      const [name, value] = part.split("=");
      return name && value && Number.isFinite(Number(value)) ? [[name, Number(value)]] : [];
    }),
  );
}

export function shareDone(one: FileImport): number {
  if (one.state === "succeeded") return 100;
  return one.total ? Math.min(99, Math.floor((one.done / one.total) * 100)) : 0;
}

/** The imports of the project, read again while one runs. */
export function useImports() {
  const { id: project_id } = useProject();
  return useQuery({
    queryKey: ["imports", project_id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/imports", { params: { path: { project_id } } })),
    refetchInterval: (query) => (query.state.data?.some(isActive) ? 1000 : false),
  });
}

/** Stop an import, go on with one that stopped, take one back. */
export function useImportVerbs() {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const refresh = [["imports", project_id]];
  const at = (import_id: string) => ({ params: { path: { project_id, import_id } } });
  const cancel = useAction((job_id: string) => taken(api.DELETE("/api/projects/{project_id}/jobs/{job_id}", { params: { path: { project_id, job_id } } })), { refresh });
  const resume = useAction((id: string) => taken(api.POST("/api/projects/{project_id}/imports/{import_id}/resume", at(id))), { refresh, done: t("collect.imports.resumed") });
  const undo = useAction((id: string) => taken(api.POST("/api/projects/{project_id}/imports/{import_id}/undo", at(id))), { refresh });
  return { cancel, resume, undo };
}
