import { useQuery } from "@tanstack/react-query";
import { api, taken } from "@/api/client";
import { useProject } from "@/session/session";
import type { Experiment } from "./types";

export function useExperiment(experiment_id: string | undefined) {
  const { id: project_id } = useProject();
  return useQuery({
    queryKey: ["experiments", project_id, "one", experiment_id],
    queryFn: async () => (await taken(api.GET("/api/projects/{project_id}/experiments/{experiment_id}", { params: { path: { project_id, experiment_id: experiment_id ?? "" } } }))) as unknown as Experiment,
    enabled: experiment_id !== undefined,
    refetchInterval: ({ state }) => (state.data?.status === "running" ? 30_000 : false),
  });
}

/** All experiments, for lists to choose from. */
export function useExperiments() {
  const { id: project_id } = useProject();
  return useQuery({
    queryKey: ["experiments", project_id, "all"],
    queryFn: async () => (await taken(api.GET("/api/projects/{project_id}/experiments", { params: { path: { project_id }, query: { limit: 500 } } }))).items as unknown as Experiment[],
  });
}

export function useLayers() {
  const { id: project_id } = useProject();
  return useQuery({
    queryKey: ["layers", project_id],
    queryFn: async () => (await taken(api.GET("/api/projects/{project_id}/experiment-layers", { params: { path: { project_id }, query: { limit: 500 } } }))).items,
  });
}
