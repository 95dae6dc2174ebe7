import { Card } from "antd";
import { useTranslation } from "react-i18next";
import type { Report } from "../shared/types";
import { useCampaignFigures } from "../shared/words";
import { FactorTable } from "./FactorTable";
import { Waterfall } from "./Waterfall";
import { useWaterfall } from "./waterfallBars";

/** Planned and actual, and what the difference comes of. */
export function PlanCard({ report }: { report: Report }) {
  const { t } = useTranslation();
  const { money } = useCampaignFigures();
  const found = useWaterfall(report);
  return (
    <Card size="small" title={t("campaigns.report.splitTitle")}>
      <div className="stack">
        <div className="scroll-x">
          <FactorTable report={report} />
        </div>
        {found ? <Waterfall bars={found.bars} label={found.label} show={money} /> : <span>{t("campaigns.report.noSplit")}</span>}
        <small style={{ opacity: 0.85 }}>{t("campaigns.report.splitHint")}</small>
      </div>
    </Card>
  );
}
