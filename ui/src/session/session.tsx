import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect } from "react";
import { Navigate, useLocation, useParams } from "react-router";
import { api, ApiError, taken, keepCsrfToken } from "@/api/client";
import type { Me, Permission, ProjectOfMe } from "@/api/types";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";

const MeContext = createContext<Me | null>(null);

/** Who is logged in, with the projects they may see; shows the log-in page to everybody else. */
export function WithMe({ children }: { children: ReactNode }) {
  const location = useLocation();
  const me = useQuery({
    queryKey: ["me"],
    queryFn: async () => {
      const found = await taken(api.GET("/api/me"));
      keepCsrfToken(found.csrf_token);
      return found;
    },
    staleTime: 5 * 60_000,
  });
  if (me.isPending) return <Waiting />;
  if (me.error instanceof ApiError && me.error.status === 401) {
    const next = location.pathname + location.search;
    return <Navigate replace to={`/login?next=${encodeURIComponent(next)}`} />;
  }
  if (me.error) return <Failure error={me.error} retry={() => void me.refetch()} />;
  return <MeContext value={me.data}>{children}</MeContext>;
}

export function useMe(): Me {
  const me = useContext(MeContext);
  if (me === null) throw new Error("outside of WithMe");
  return me;
}

/** Forgets everything that was read for whoever was logged in before. */
export function useFreshSession(): () => void {
  const queries = useQueryClient();
  return () => queries.clear();
}

const LAST_PROJECT = "bihuan.project";

/** The project that was open last on this device, else the first one; null if there is none. */
export function homeProject(me: Me): ProjectOfMe | null {
  const last = localStorage.getItem(LAST_PROJECT);
  return me.projects.find((project) => project.id === last) ?? me.projects[0] ?? null;
}

/** The project of the address; null if the member has no part in it. */
export function useMaybeProject(): ProjectOfMe | null {
  const { projectId } = useParams();
  const me = useMe();
  const found = me.projects.find((project) => project.id === projectId) ?? null;
  useEffect(() => {
    if (found) localStorage.setItem(LAST_PROJECT, found.id);
  }, [found]);
  return found;
}

export function useProject(): ProjectOfMe {
  const project = useMaybeProject();
  if (project === null) throw new Error("outside of a project's pages");
  return project;
}

/** Whether the member may do this in the open project. */
export function useMay(permission: Permission): boolean {
  return useProject().permissions.includes(permission);
}
