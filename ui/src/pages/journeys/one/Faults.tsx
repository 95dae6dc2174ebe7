import { Alert, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Counts, Journey } from "../common/types";
import { useSummary } from "../common/useSummary";
import { Deeds } from "./Deeds";

/** Nodes that failed at the last move, and what could not be done about people. */
export function Faults({ journey, counts }: { journey: Journey; counts: Counts | undefined }) {
  const { t, i18n } = useTranslation();
  const words = useSummary();
  const [shown, show] = useState(false);
  const faults = Object.entries((journey.error ?? {}) as Record<string, { en: string; zh: string }>);
  const open = (counts?.failed_deeds ?? 0) + (counts?.waiting_deeds ?? 0);
  return (
    <>
      {faults.map(([node, said]) => (
        <Alert key={node} type="error" showIcon title={`${words.title(journey.draft, node)}: ${i18n.language === "zh" ? said.zh : said.en}`} />
      ))}
      {open > 0 && (
        <Alert
          type={counts?.failed_deeds ? "error" : "info"}
          showIcon
          title={t("journeys.deeds.open", { failed: counts?.failed_deeds ?? 0, waiting: counts?.waiting_deeds ?? 0 })}
          action={<Button size="small" onClick={() => show(true)}>{t("journeys.deeds.show")}</Button>}
        />
      )}
      {shown && <Deeds journey={journey} begun={mostUrgent(counts)} close={() => show(false)} />}
    </>
  );
}

function mostUrgent(counts: Counts | undefined) {
  if (!counts?.failed_deeds) return "waiting";
  return counts.uncertain_deeds < counts.failed_deeds ? "failed" : "uncertain";
}
