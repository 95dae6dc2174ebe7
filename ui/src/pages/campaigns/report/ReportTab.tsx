import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Card, Switch } from "antd";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ApiError, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { DownloadOutlined } from "@/components/icons";
import { Mark, Moment } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import { NextModal } from "../one/NextModal";
import { Going } from "../preflight/PreflightTab";
import type { Campaign, Report } from "../shared/types";
import { useSaid } from "../shared/words";
import { ArmsCard } from "./ArmsCard";
import { CostTable } from "./CostTable";
import { EffectsCard } from "./EffectsCard";
import { KeyFigures } from "./KeyFigures";
import { LooksCard } from "./LooksCard";
import { PlanCard } from "./PlanCard";
import { VerdictBox } from "./VerdictBox";

const ExportDialog = lazy(async () => ({ default: (await import("./paper/ExportDialog")).ExportDialog }));

/** What a campaign did, compared with people who were not reached. */
export function ReportTab({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const kept = campaign.status === "evaluated";
  const [fresh, setFresh] = useState(false);
  const report = useQuery({
    queryKey: ["campaign", project_id, campaign.id, "report", campaign.status, fresh],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/campaigns/{campaign_id}/report", { params: { path: { project_id, campaign_id: campaign.id }, query: { fresh } } })),
    staleTime: kept && !fresh ? 60_000 : 0,
  });
  if (report.error instanceof ApiError && report.error.code === "campaign_report_too_early") return <Empty title={report.error.message} hint={report.error.hint ?? undefined} />;
  if (report.error) return <Failure error={report.error} retry={() => void report.refetch()} />;
  if (!report.data) return <Going words={t("campaigns.report.going")} />;
  const again = kept ? (
    <span className="row">
      <Switch id="report-fresh" size="small" checked={fresh} onChange={setFresh} />
      <label htmlFor="report-fresh">{t("campaigns.report.fresh")}</label>
    </span>
  ) : (
    <Button loading={report.isFetching} onClick={() => void report.refetch()}>
      {t("campaigns.report.again")}
    </Button>
  );
  return (
    <div className="stack" style={{ gap: 16 }}>
      <Bar campaign={campaign} report={report.data} again={again} />
      <VerdictBox report={report.data} />
      {!report.data.final && <Alert type="info" showIcon title={t("campaigns.report.open")} />}
      <KeyFigures report={report.data} />
      <Card size="small" title={t("campaigns.report.costs")}>
        <CostTable report={report.data} />
      </Card>
      <PlanCard report={report.data} />
      <EffectsCard report={report.data} />
      <LooksCard campaign={campaign} />
      <ArmsCard campaign={campaign} report={report.data} />
      <ChecksCard report={report.data} />
    </div>
  );
}

function Bar({ campaign, report, again }: { campaign: Campaign; report: Report; again: React.ReactNode }) {
  const { t } = useTranslation();
  const may = useMay("edit_insights");
  const mayExport = useMay("export");
  const [open, setOpen] = useState<"export" | "next" | null>(null);
  return (
    <div className="row between">
      <span>
        <Mark tone={report.final ? "good" : "busy"}>{t(report.final ? "campaigns.report.final" : "campaigns.report.notFinal")}</Mark>
        {t("campaigns.report.asOf")} <Moment at={report.at} />
      </span>
      <span className="row">
        {again}
        {mayExport && (
          <Button icon={<DownloadOutlined />} onClick={() => setOpen("export")}>
            {t("campaigns.report.export")}
          </Button>
        )}
        {may && <Button onClick={() => setOpen("next")}>{t("campaigns.next.button")}</Button>}
      </span>
      {open === "next" && <NextModal campaign={campaign} close={() => setOpen(null)} />}
      {open === "export" && (
        <Suspense fallback={null}>
          <ExportDialog campaign={campaign} report={report} close={() => setOpen(null)} />
        </Suspense>
      )}
    </div>
  );
}

/** What stops a verdict where it failed. */
function ChecksCard({ report }: { report: Report }) {
  const { t } = useTranslation();
  const said = useSaid();
  return (
    <Card size="small" title={t("campaigns.report.checks")}>
      <ul className="findings">
        {report.checks.map((each) => (
          <li key={each.code} className={each.failed ? "block" : undefined}>
            <Mark tone={each.failed ? "bad" : "good"}>{t(each.failed ? "campaigns.report.failed" : "campaigns.report.passed")}</Mark>
            <div className="grow">
              <strong>{t(`campaigns.report.checkNames.${each.code}`)}</strong>
              <div>{said(each.message)}</div>
            </div>
            {each.p_value !== null && <span className="figure">{each.p_value < 0.001 ? "p < 0.001" : `p = ${each.p_value.toFixed(3)}`}</span>}
          </li>
        ))}
      </ul>
    </Card>
  );
}
