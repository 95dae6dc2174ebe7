import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Got } from "@/api/types";
import { useProject } from "@/session/session";
import { MEDIA, type Medium } from "../outbox/queries";

export type Purpose = Got<"/api/projects/{project_id}/consent/purposes">[number];
export type Figures = Got<"/api/projects/{project_id}/consent/figures">;
export type Suppression = Got<"/api/projects/{project_id}/consent/suppressions">["items"][number];
export type ConsentPolicy = Got<"/api/projects/{project_id}/consent/policy">;
export type Rule = NonNullable<Purpose["rules"]>[string];
export const RULES: Rule[] = ["always", "unless_withdrawn", "with_consent", "with_confirmed_consent"];
export { MEDIA, type Medium };

/** The purposes of the project, in order. */
export function usePurposes() {
  const { id: project_id } = useProject();
  return useQuery({
    queryKey: ["consent", project_id, "purposes"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/consent/purposes", { params: { path: { project_id } } })),
  });
}

/** How many people said what, who is suppressed, and with which words. */
export function useConsentFigures() {
  const { id: project_id } = useProject();
  return useQuery({
    queryKey: ["consent", project_id, "figures"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/consent/figures", { params: { path: { project_id } } })),
  });
}

/** The name of a purpose in the reader's language. */
export function usePurposeName() {
  const { i18n } = useTranslation();
  const purposes = usePurposes();
  return (key: string) => {
    const found = purposes.data?.find((each) => each.key === key);
    return found ? (i18n.language === "zh" ? found.name_zh : found.name_en) : key;
  };
}

/** The rule that holds on a medium, as the server has it. */
export function ruleOf(purpose: Purpose, medium: Medium): Rule {
  return purpose.rules?.[medium] ?? purpose.rules?.["*"] ?? (purpose.kind === "transactional" ? "always" : "with_consent");
}
