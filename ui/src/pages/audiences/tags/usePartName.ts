import { useTranslation } from "react-i18next";
import type { zh } from "@/i18n/zh";

/** What a part of a score is called: those that every score begins with have names in both languages. */
export function usePartName(): (name: string) => string {
  const { t } = useTranslation();
  return (name) => t(`tagging.partNames.${name as keyof (typeof zh)["tagging"]["partNames"]}`, { defaultValue: name });
}
