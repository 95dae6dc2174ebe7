import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { useProject } from "@/session/session";
import type { Body, Problem, Sample } from "../common/types";
import type { Place } from "./body";

const PAUSE_MS = 400;

/** A value once nobody has changed it for a moment. */
export function useSettled<Value>(value: Value): Value {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** Everything that is wrong with a body, a moment after somebody wrote. */
export function useProblems(body: Body, purpose: string) {
  const { id: project_id } = useProject();
  const asked = useSettled(useMemo(() => ({ body, purpose }), [body, purpose]));
  const found = useQuery({
    queryKey: ["template-check", project_id, asked],
    queryFn: () => taken(api.POST("/api/projects/{project_id}/message-templates/check", { params: { path: { project_id } }, body: asked as never })),
    placeholderData: keepPreviousData,
    gcTime: 30_000,
  });
  return { problems: found.data ?? NONE, checked: found.isSuccess && !found.isPlaceholderData && asked.body === body, error: found.error };
}

const NONE: Problem[] = [];

/** Whom a template is looked at as. `person`: as the API finds them; null for the sample. */
export interface Eyes {
  person: string | null;
  name: string;
  event: string | null;
  sample: Sample;
}

/** What the person, or the sample, would get of one language of one variant. */
export function usePreview(body: Body, place: Place, eyes: Eyes) {
  const { id: project_id } = useProject();
  const { person, event, sample } = eyes;
  const given = useMemo(() => {
    const whose = person === null ? { sample: sample.person ?? {}, event_properties: sample.event ?? {} } : { people: [person], ...(event === null ? {} : { event }) };
    return { body, variant: place.variant, language: place.language, campaign: sample.campaign ?? {}, ...whose };
  }, [body, place.variant, place.language, person, event, sample]);
  const asked = useSettled(given);
  const found = useQuery({
    queryKey: ["template-preview", project_id, asked],
    queryFn: () => taken(api.POST("/api/projects/{project_id}/message-templates/preview", { params: { path: { project_id } }, body: asked as never })),
    placeholderData: keepPreviousData,
    gcTime: 30_000,
  });
  return { preview: found.data?.previews[0], masked: found.data?.masked ?? false, error: found.error, busy: found.isFetching };
}

/** What a problem says, in the reader's language. */
export function useProblemWords() {
  const { t, i18n } = useTranslation();
  return (problem: Problem) => {
    const where = [problem.snippet && t("templates.edit.inSnippet", { name: problem.snippet }), problem.line !== null && t("templates.edit.atLine", { line: problem.line })].filter(Boolean).join(" · ");
    const said = i18n.language === "en" ? problem.en : problem.zh;
    return where ? `${where}${i18n.language === "en" ? ": " : "："}${said}` : said;
  };
}
