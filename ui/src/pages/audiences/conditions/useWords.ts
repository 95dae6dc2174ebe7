import { useTranslation } from "react-i18next";
import { useFigures } from "@/results/figures";
import { useRefName } from "@/query/subjects";
import type { Words } from "./sentence";

/** What sentences of conditions are made with. */
export function useWords(): Words {
  const { t } = useTranslation();
  const nameOf = useRefName();
  const { number } = useFigures();
  return { t, nameOf, number };
}
