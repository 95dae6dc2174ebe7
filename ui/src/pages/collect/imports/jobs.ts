import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { useAction } from "@/components/page";
import { useProject } from "@/session/session";
import { remember, startedAs } from "./remembered";

export type JobStatus = Schemas["JobStatus"];

/** The result of an import. */
export interface Totals {
  file: string;
  rows: number;
  accepted: number;
  duplicates: number;
  rejected: number;
  skipped: number;
  resumed_from: number;
  seconds: number;
}

export const isActive = (job: JobStatus) => job.state === "queued" || job.state === "running";

export function totalsOf(job: JobStatus): Totals | null {
  return job.state === "succeeded" && job.result ? (job.result as Totals) : null;
}

/** The figures of the note of a running import: "rows=10 accepted=9 …". */
export function figuresOf(note: string | null): Record<string, number> {
  return Object.fromEntries((note ?? "").split(" ").flatMap((part) => {
    const [name, value] = part.split("=");
    return name && value && Number.isFinite(Number(value)) ? [[name, Number(value)]] : [];
  }));
}

export function shareDone(job: JobStatus): number {
  if (job.state === "succeeded") return 100;
  return job.total ? Math.min(99, Math.floor((job.done / job.total) * 100)) : 0;
}

/** The imports of the project, read again while one runs. */
export function useImports() {
  const project = useProject();
  return useQuery({
    queryKey: ["jobs", project.id, "imports"],
    queryFn: async () => {
      const jobs = await taken(api.GET("/api/projects/{project_id}/jobs", { params: { path: { project_id: project.id }, query: { limit: 200 } } }));
      return jobs.filter((job) => job.name === "collect.import");
    },
    refetchInterval: (query) => (query.state.data?.some(isActive) ? 2000 : false),
  });
}

/** One import, read again while it runs. */
export function useImportJob(jobId: string) {
  const project = useProject();
  const queries = useQueryClient();
  return useQuery({
    queryKey: ["jobs", project.id, jobId],
    queryFn: async () => {
      const job = await taken(api.GET("/api/projects/{project_id}/jobs/{job_id}", { params: { path: { project_id: project.id, job_id: jobId } } }));
      if (!isActive(job)) void queries.invalidateQueries({ queryKey: ["jobs", project.id, "imports"] });
      return job;
    },
    refetchInterval: (query) => (query.state.data && isActive(query.state.data) ? 1000 : false),
  });
}

/** Stop an import, and go on with one that did not end well. */
export function useJobVerbs(resumed: (jobId: string) => void) {
  const { t } = useTranslation();
  const project = useProject();
  const path = { project_id: project.id };
  const refresh = [["jobs", project.id]];
  const cancel = useAction((job_id: string) => taken(api.DELETE("/api/projects/{project_id}/jobs/{job_id}", { params: { path: { ...path, job_id } } })), { refresh });
  const resume = useAction(
    async (jobId: string) => {
      const started = startedAs(jobId);
      if (!started) throw new Error("not started on this device");
      const job = await taken(api.POST("/api/projects/{project_id}/imports", { params: { path }, body: started.body }));
      remember(job.id, started);
      return job;
    },
    { refresh, done: t("collect.imports.resumed"), onDone: (job) => resumed(job.id) },
  );
  return { cancel, resume };
}
