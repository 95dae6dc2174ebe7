import { Alert, Button, Modal } from "antd";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { Waiting } from "@/components/Waiting";
import { download, saveAs, useAction } from "@/components/page";
import { addressOf } from "@/query/requests";
import { useProject } from "@/session/session";
import type { Campaign, Report } from "../../shared/types";
import { useLooks } from "../LooksCard";
import { Paper } from "./Paper";
import css from "./paper.css?inline";
import { pngOf } from "./picture";
import { pdfBlobOf, print } from "./printed";

interface Props {
  campaign: Campaign;
  report: Report;
  close: () => void;
}

/** The report as it will be on paper, to be kept as a PDF, a picture or a table. */
export function ExportDialog({ campaign, report, close }: Props) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const paper = useRef<HTMLDivElement>(null);
  const looks = useLooks(campaign);
  const title = t("campaigns.report.fileName", { name: campaign.name });
  const kept = (ending: string) => `${title.replaceAll(/[\\/:*?"<>|]/g, " ")}.${ending}`;
  const pdf = useAction(async () => paper.current && saveAs(await pdfBlobOf(paper.current, css, title), kept("pdf")));
  const png = useAction(async () => paper.current && saveAs(await pngOf(paper.current, css), kept("png")));
  const csv = useAction(() => download(addressOf(project_id, `campaigns/${campaign.id}/report.csv`), kept("csv")));
  const ready = !looks.isPending;
  return (
    <Modal
      open
      width={860}
      title={t("campaigns.report.exportTitle")}
      onCancel={close}
      footer={
        <div className="row" style={{ justifyContent: "flex-end" }}>
          <Button loading={csv.isPending} onClick={() => csv.mutate()}>
            CSV
          </Button>
          <Button disabled={!ready} onClick={() => paper.current && print(paper.current, css, title)}>
            {t("campaigns.report.print")}
          </Button>
          <Button disabled={!ready} loading={png.isPending} onClick={() => png.mutate()}>
            {t("campaigns.report.png")}
          </Button>
          <Button type="primary" disabled={!ready} loading={pdf.isPending} onClick={() => pdf.mutate()}>
            {t("campaigns.report.pdf")}
          </Button>
        </div>
      }
    >
      {looks.error && <Alert type="warning" showIcon title={t("campaigns.report.withoutLooks")} />}
      <style>{css}</style>
      <div role="region" aria-label={t("campaigns.report.paper")} tabIndex={0} style={{ overflow: "auto", maxHeight: "62vh", border: "1px solid rgb(125 135 155 / 35%)", borderRadius: 8, background: "#fff", paddingBlock: 20 }}>
        {ready ? (
          <div ref={paper} className="paper" lang={document.documentElement.lang}>
            <Paper campaign={campaign} report={report} looks={looks.data ?? []} />
          </div>
        ) : (
          <Waiting />
        )}
      </div>
    </Modal>
  );
}
