import { useTranslation } from "react-i18next";
import type { zh } from "@/i18n/zh";

/** Tags whose values are codes of the system. */
const CODED = ["rfm", "stages", "activity_tier", "churn", "value", "outcome"];

/** What a value of a tag is called in the reader's language. */
export function useValueName(kind: string): (value: string | null | undefined) => string {
  const { t } = useTranslation();
  return (value) => {
    if (value === null || value === undefined || value === "") return t("tagging.one.noValue");
    return CODED.includes(kind) ? t(`tagging.valueNames.${value as keyof (typeof zh)["tagging"]["valueNames"]}`, { defaultValue: value }) : value;
  };
}
