import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { readAgain, useAction } from "@/components/page";
import { useProject } from "@/session/session";

type Status = Schemas["JobStatus"];

/** Has an audience or a tag refreshed by a job. */
export function useRefresh(subjectId: string) {
  const { id: project_id } = useProject();
  return useSubjectJob(() => taken(api.POST("/api/projects/{project_id}/subjects/{subject_id}/refresh", { params: { path: { project_id, subject_id: subjectId } } })));
}

/** Starts a job, follows it, and reads everything about audiences and tags again as it ends. */
export function useSubjectJob<Given = void>(begin: (given: Given) => Promise<Status>) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const { id: project_id } = useProject();
  const [jobId, follow] = useState<string | null>(null);
  const start = useAction(begin, { onDone: (job) => follow(job.id) });
  const job = useQuery({
    queryKey: ["jobs", project_id, jobId],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/jobs/{job_id}", { params: { path: { project_id, job_id: jobId ?? "" } } })),
    enabled: jobId !== null,
    refetchInterval: ({ state: { data } }) => (data && ended(data.state) ? false : 700),
  });
  const state = jobId === null ? undefined : job.data?.state;
  const failure = job.data?.error;
  useEffect(() => {
    if (state === undefined || !ended(state)) return;
    if (state === "failed") void message.error([t("audiences.refreshFailed"), failure].filter(Boolean).join(": "), 6);
    void readAgain(queries, ...KEYS.map((each) => [each, project_id]));
  }, [state, failure, queries, project_id, message, t]);
  const { done, total } = job.data ?? { done: 0, total: null };
  return { start: start.mutate, running: start.isPending || (jobId !== null && (state === undefined || !ended(state))), share: total && state === "running" ? done / total : null };
}

function ended(state: string): boolean {
  return state !== "queued" && state !== "running";
}

const KEYS = ["audiences", "tags", "runs", "versions", "moves", "subjects", "audience-people", "tag-people", "study", "predictions"];
