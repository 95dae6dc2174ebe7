import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, ApiError, taken } from "@/api/client";
import { useProject } from "@/session/session";
import type { Condition } from "./types";

const PAUSE_MS = 350;

/** A value once it has stayed the same for a moment. */
export function useSettled<Value>(value: Value, pause = PAUSE_MS): Value {
  const [settled, settle] = useState(value);
  const text = JSON.stringify(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(JSON.parse(text) as Value), pause);
    return () => clearTimeout(timer);
  }, [text, pause]);
  return settled;
}

/** How many people a condition has now, asked while it is written. */
export function useEstimate(condition: Condition | null, audienceId?: string) {
  const { id: project_id } = useProject();
  const settled = useSettled(condition);
  const body = { condition: settled, audience_id: audienceId ?? null };
  const found = useQuery({
    queryKey: ["estimate", project_id, body],
    queryFn: ({ signal }) => taken(api.POST("/api/projects/{project_id}/audiences/estimate", { params: { path: { project_id } }, body: body as never, signal })),
    enabled: settled !== null,
    staleTime: 15_000,
    retry: false,
    placeholderData: (before) => (settled === null ? undefined : before),
  });
  const waiting = JSON.stringify(settled) !== JSON.stringify(condition);
  return { estimate: settled === null ? undefined : found.data, error: waiting ? null : found.error, busy: waiting || found.isFetching };
}

/** The server's refusal, where it is one of the condition that was sent. */
export function faultOf(error: unknown): ApiError | null {
  return error instanceof ApiError && error.path !== null ? error : null;
}
