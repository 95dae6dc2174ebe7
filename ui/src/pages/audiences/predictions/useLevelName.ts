import { useTranslation } from "react-i18next";
import type { zh } from "@/i18n/zh";

type Level = keyof (typeof zh)["studies"]["predictions"]["valueNames"];

/** What a level of risk or a tier of value is called. */
export function useLevelName(): (value: string) => string {
  const { t } = useTranslation();
  return (value) => t(`studies.predictions.valueNames.${value as Level}`, { defaultValue: value });
}
