import { CloseOutlined, ExpandOutlined } from "@/components/icons";
import { Button, Card } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ApiError } from "@/api/client";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { sizeText } from "@/components/page/wording";
import { useFigures } from "@/results/figures";
import { ResultView } from "@/results/ResultView";
import type { OnSelect, Result, Target } from "@/results/types";
import { Markdown } from "./Markdown";

export interface Content {
  name?: string | null;
  chart?: string | null;
  options?: Record<string, unknown>;
  result?: Result | null;
  error?: { code: string; message: string; path: string | null; hint: string | null } | null;
}

interface Props {
  text: string | null;
  content: Content | undefined;
  /** Of the drawing, in pixels. */
  height: number;
  busy: boolean;
  insightAddress?: string;
  onSelect?: OnSelect;
  onRemove?: () => void;
}

/** One tile of a board: an insight with its result, or a text. */
export function TileCard({ text, content, height, busy, insightAddress, onSelect, onRemove }: Props) {
  const { t, i18n } = useTranslation();
  const figures = useFigures();
  const remove = onRemove && <Button size="small" type="text" className="no-drag" icon={<CloseOutlined />} aria-label={t("dashboards.removeTile")} onClick={onRemove} />;
  if (text !== null) {
    return (
      <Card style={{ height: "100%", overflow: "auto" }} extra={remove} size="small">
        <Markdown text={text} />
      </Card>
    );
  }
  const { rows_read: rows, bytes_read: bytes } = content?.result ?? {};
  const read = rows == null ? undefined : t("insights.read", { rows: figures.number(rows), size: sizeText(bytes ?? 0, i18n.language) });
  const extra = (
    <>
      {insightAddress && (
        <Link to={insightAddress} className="no-drag" aria-label={`${t("dashboards.openInsight")}: ${content?.name ?? ""}`} title={t("dashboards.openInsight")}>
          <ExpandOutlined />
        </Link>
      )}
      {remove}
    </>
  );
  return (
    <Card
      size="small"
      title={<span title={read}>{content?.name ?? " "}</span>}
      extra={extra}
      style={{ height: "100%", display: "flex", flexDirection: "column" }}
      styles={{ body: { flex: 1, minHeight: 0, overflow: "auto", padding: 12, opacity: busy && content ? 0.6 : 1 } }}
    >
      <TileBody content={content} height={height} onSelect={onSelect} />
    </Card>
  );
}

function TileBody({ content, height, onSelect }: Pick<Props, "content" | "height" | "onSelect">) {
  if (!content) return <Waiting height={Math.max(60, height - 20)} />;
  if (content.error) return <Failure small error={new ApiError(422, content.error.code, content.error.message, content.error.path, content.error.hint)} />;
  if (!content.result) return null;
  const targets = (content.options?.targets as Target[] | undefined) ?? [];
  return <ResultView small result={content.result} chart={content.chart ?? null} height={height} targets={targets} onSelect={onSelect} />;
}
