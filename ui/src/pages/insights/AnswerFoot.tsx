import { CodeOutlined, DownloadOutlined, LinkOutlined, ReloadOutlined } from "@/components/icons";
import { App, Button, Dropdown, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";
import { sizeText } from "@/components/page/wording";
import { type Answer, downloadAnswer, keep } from "@/query/run";
import type { Query } from "@/query/types";
import { useFigures } from "@/results/figures";
import { useMay, useProject } from "@/session/session";

interface Props {
  answer: Answer;
  query: Query;
  name: string;
  refresh: () => void;
  busy: boolean;
}

/** How the answer came about, and what can be taken away of it. */
export function AnswerFoot({ answer, query, name, refresh, busy }: Props) {
  const { t, i18n } = useTranslation();
  const { message } = App.useApp();
  const project = useProject();
  const mayExport = useMay("export");
  const figures = useFigures();
  const [sql, setSql] = useState(false);
  const download = async (format: "csv" | "xlsx" | "png") => {
    try {
      if (format === "png") keepPicture(name);
      else await downloadAnswer(project.id, query, format, name);
    } catch (error) {
      void message.error(error instanceof ApiError ? error.message : t("errors.unreachable"));
    }
  };
  const share = async () => {
    await navigator.clipboard.writeText(window.location.href);
    void message.success(t("insights.linkCopied"));
  };
  return (
    <div className="row between">
      <span className="figure" style={{ opacity: 0.8 }}>
        {t("insights.took", { time: figures.duration(Math.round(answer.milliseconds) / 1000) })}
        {answer.cached && ` · ${t("insights.cached")}`}
        {answer.result.rows_read != null && ` · ${t("insights.read", { rows: figures.number(answer.result.rows_read), size: sizeText(answer.result.bytes_read ?? 0, i18n.language) })}`} · {answer.result.first_day} – {answer.result.last_day} · {answer.result.time_zone}
      </span>
      <div className="row">
        <Button size="small" icon={<ReloadOutlined />} loading={busy} onClick={refresh}>
          {t("insights.refresh")}
        </Button>
        <Button size="small" icon={<CodeOutlined />} onClick={() => setSql(true)}>
          {t("insights.sql")}
        </Button>
        <Dropdown
          trigger={["click"]}
          menu={{
            onClick: ({ key }) => void download(key as "csv"),
            items: [
              { key: "png", label: t("insights.png") },
              { key: "csv", label: "CSV", disabled: !mayExport },
              { key: "xlsx", label: "XLSX", disabled: !mayExport },
            ],
          }}
        >
          <Button size="small" icon={<DownloadOutlined />}>
            {t("insights.downloadAs")}
          </Button>
        </Dropdown>
        <Button size="small" icon={<LinkOutlined />} onClick={() => void share()}>
          {t("insights.share")}
        </Button>
      </div>
      <Modal open={sql} onCancel={() => setSql(false)} footer={null} width={860} title="SQL">
        <pre style={{ maxHeight: "65vh", overflow: "auto", whiteSpace: "pre-wrap", fontSize: 12 }} role="region" aria-label="SQL" tabIndex={0}>
          {answer.result.sql}
        </pre>
      </Modal>
    </div>
  );
}

/** The drawn chart of the page as a picture. */
function keepPicture(name: string): void {
  const canvas = document.querySelector<HTMLCanvasElement>("#content canvas");
  if (canvas) keep(canvas.toDataURL("image/png"), `${name}.png`);
}
