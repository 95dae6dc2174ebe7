import { useTranslation } from "react-i18next";
import type { zh } from "@/i18n/zh";
import type { PropertyRef } from "./types";

type Coded = keyof (typeof zh)["tagging"]["valueNames"];

/** What a value is called that is a code: being in an audience or not, and values of tags by models. */
export function useCodeName(): (ref: PropertyRef, value: string | null | undefined) => string | null {
  const { t, i18n } = useTranslation();
  return (ref, value) => {
    if (ref.scope === "audience") return t(value ? "conditions.member" : "conditions.nonMember");
    const coded = ref.scope === "tag" && value && i18n.exists(`tagging.valueNames.${value}`);
    return coded ? t(`tagging.valueNames.${value as Coded}`) : null;
  };
}
