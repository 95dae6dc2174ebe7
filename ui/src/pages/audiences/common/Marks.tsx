import { useTranslation } from "react-i18next";
import { Mark, Moment } from "@/components/page";
import { WarningOutlined } from "@/components/icons";
import type { Audience, Rhythm, Tag } from "./types";

type Failed = NonNullable<Audience["error"]>;

export function originOf(audience: Pick<Audience, "kind" | "question">): "condition" | "question" | "ids" {
  return audience.kind === "condition" ? "condition" : audience.question ? "question" : "ids";
}

export function KindMark({ audience }: { audience: Audience }) {
  const { t } = useTranslation();
  const origin = originOf(audience);
  return <Mark tone={origin === "condition" ? "busy" : "quiet"}>{t(`audiences.kinds.${origin}`)}</Mark>;
}

export function RhythmMark({ refresh }: { refresh: Rhythm }) {
  const { t } = useTranslation();
  return <Mark tone={refresh === "live" ? "good" : "quiet"}>{t(`audiences.rhythms.${refresh}`)}</Mark>;
}

/** When the last refresh was; what went wrong, if it failed. */
export function LastRefresh({ subject }: { subject: Pick<Audience | Tag, "refreshed_at" | "error"> }) {
  const { t } = useTranslation();
  const words = useFailureWords();
  return (
    <div>
      {subject.refreshed_at ? <Moment at={subject.refreshed_at} /> : <span style={{ opacity: 0.8 }}>{t("audiences.never")}</span>}
      {subject.error && (
        <div className="fault-text" style={{ display: "flex", gap: 4, alignItems: "baseline" }}>
          <WarningOutlined />
          <span className="two-lines" title={words(subject.error)}>
            {words(subject.error)}
          </span>
        </div>
      )}
    </div>
  );
}

/** A failure in the reader's language. */
export function useFailureWords(): (failed: Failed) => string {
  const { i18n } = useTranslation();
  return (failed) => (i18n.language === "zh" ? failed.zh : failed.en);
}
