import { useTranslation } from "react-i18next";
import { collect } from "@/i18n/zh/collect";

type Reason = keyof typeof collect.reasons;

/** A reason's code in words; a code that has none stays as it is. */
export function useReason(): (code: string) => string {
  const { t } = useTranslation();
  return (code) => (code in collect.reasons ? t(`collect.reasons.${code as Reason}`) : code);
}
