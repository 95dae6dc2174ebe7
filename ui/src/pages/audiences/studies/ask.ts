import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ownHeaders, refusalOf } from "@/api/client";
import type { Schemas } from "@/api/types";
import { addressOf, eachLine, send } from "@/query/requests";
import { useProject } from "@/session/session";
import type { PersonaBody, PersonaPart } from "./personaTypes";
import { begunPersona, withPart } from "./progress";

/** A study of people asked by its definition; kept for a while. Nothing is asked while there is none. */
export function useStudy<Answer>(path: string, body: object | null) {
  const { id } = useProject();
  return useQuery({
    queryKey: ["study", id, path, body],
    queryFn: async ({ signal }) => (await (await send(id, path, body, { signal })).json()) as Answer,
    enabled: body !== null,
    staleTime: 60_000,
    retry: false,
    placeholderData: (before) => (body === null ? undefined : before),
  });
}

/** What a study keeps, read from its address. */
export function useRead<Answer>(path: string | null) {
  const { id } = useProject();
  return useQuery({
    queryKey: ["study", id, path],
    queryFn: async ({ signal }) => {
      const response = await fetch(addressOf(id, path ?? ""), { credentials: "same-origin", headers: ownHeaders(), signal });
      if (!response.ok) throw await refusalOf(response);
      return (await response.json()) as Answer;
    },
    enabled: path !== null,
    staleTime: 60_000,
    retry: false,
  });
}

/** A persona facet by facet: what is known so far, then the whole. */
export function usePersona(body: PersonaBody | null) {
  const { id } = useProject();
  const queries = useQueryClient();
  const key = ["study", id, "persona/parts", body];
  return useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
      let progress = begunPersona(body?.query.facets.length ?? 0);
      const response = await send(id, "persona/parts", body, { signal });
      await eachLine<PersonaPart>(response, (part) => {
        progress = withPart(progress, part);
        queries.setQueryData(key, progress);
      });
      return progress;
    },
    enabled: body !== null,
    staleTime: 60_000,
    retry: false,
  });
}

interface People {
  items: Schemas["PersonBehind"][];
  next_cursor?: string | null;
}

/** Reads the people behind a number of a study, page by page. */
export function peopleOf(projectId: string, path: string, body: object) {
  return async (cursor: string | undefined): Promise<People> => {
    const search = new URLSearchParams({ limit: "50", ...(cursor ? { cursor } : {}) });
    return (await (await send(projectId, `${path}?${search}`, body)).json()) as People;
  };
}
