import { Card, Input } from "antd";
import { useTranslation } from "react-i18next";
import { RfmFields } from "./RfmFields";
import { RuleFields } from "./RuleFields";
import { ScoreFields } from "./ScoreFields";
import { StagesFields } from "./StagesFields";
import { StatisticFields } from "./StatisticFields";
import type { Definition } from "./types";

interface Props {
  value: Definition;
  onChange: (definition: Definition) => void;
  /** Whether somebody has tried to save it: then what is missing is marked. */
  tried: boolean;
  error: unknown;
}

/** The form of a tag's kind. */
export function DefinitionFields({ value, onChange, tried, error }: Props) {
  const { t } = useTranslation();
  if (value.kind === "rule") return <RuleFields value={value} onChange={onChange} tried={tried} error={error} />;
  return (
    <Card size="small" title={t("tagging.editor.definition")}>
      <Fields value={value} onChange={onChange} />
    </Card>
  );
}

function Fields({ value, onChange }: Pick<Props, "value" | "onChange">) {
  const { t } = useTranslation();
  switch (value.kind) {
    case "statistic":
      return <StatisticFields value={value} onChange={onChange} />;
    case "rfm":
      return <RfmFields value={value} onChange={onChange} />;
    case "stages":
      return <StagesFields value={value} onChange={onChange} />;
    case "activity_score":
      return <ScoreFields value={value} onChange={onChange} />;
    case "activity_tier":
      return <ScoreFields value={value.score} onChange={(score) => onChange({ ...value, score })} />;
    case "sql":
      return (
        <div className="stack" style={{ gap: 6 }}>
          <Input.TextArea aria-label={t("tagging.editor.sql")} spellCheck={false} autoSize={{ minRows: 8, maxRows: 24 }} value={value.sql} style={{ fontFamily: "ui-monospace, monospace", fontSize: 13 }} onChange={(event) => onChange({ ...value, sql: event.target.value })} />
          <span style={{ opacity: 0.85 }}>{t("tagging.editor.sqlHint")}</span>
        </div>
      );
    default:
      return <span>{t("tagging.editor.manualHint")}</span>;
  }
}
