import { Card } from "antd";
import { useTranslation } from "react-i18next";
import type { Report } from "../shared/types";
import { EffectTable } from "./EffectTable";

/** Each variant, and all together, against the holdout. */
export function EffectsCard({ report }: { report: Report }) {
  const { t } = useTranslation();
  return (
    <Card size="small" title={t("campaigns.report.effects")}>
      {report.effects.length === 0 ? t("campaigns.report.noEffects") : <div className="scroll-x"><EffectTable report={report} /></div>}
    </Card>
  );
}
