import { useTranslation } from "react-i18next";
import type { zh } from "@/i18n/zh";

/** What a kind of tag is called. */
export function KindName({ kind }: { kind: string }) {
  const { t } = useTranslation();
  return t(`tagging.kinds.${kind as keyof (typeof zh)["tagging"]["kinds"]}`, { defaultValue: kind });
}
