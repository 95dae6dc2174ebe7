import { useTranslation } from "react-i18next";
import { useCodeName } from "@/query/codes";
import type { OfferedFacet } from "./facets";

/** What facets and their values are called. */
export function useFacetWords() {
  const { t } = useTranslation();
  const codeName = useCodeName();
  const facetName = ({ facet, name }: OfferedFacet) => (facet.kind === "touch" ? t(`studies.persona.facets.${facet.which}`, { name }) : facet.kind === "events" || facet.kind === "hours" ? t(`studies.persona.facets.${facet.kind}`) : name);
  const plain = ({ facet }: OfferedFacet, value: string | null) => {
    if (value === null) return t("common.none");
    if (facet.kind === "hours") return t("studies.persona.hour", { hour: value });
    return (facet.kind === "person" ? codeName(facet.property, value) : null) ?? (value || t("common.empty"));
  };
  return { facet: facetName, plain, value: (offered: OfferedFacet, value: string | null) => `${facetName(offered)}: ${plain(offered, value)}` };
}
