import { Descriptions } from "antd";
import { useTranslation } from "react-i18next";
import { CodeBlock } from "@/components/page";
import { sentenceOf } from "../conditions/sentence";
import { useWords } from "../conditions/useWords";
import { KindName } from "./KindName";
import { predictionRows, type Row, rowsOf, scoreRows } from "./rows";
import { type Definition, isPredicted, type PredictionTag } from "./types";

/** A tag's definition in words. */
export function DefinitionText({ definition }: { definition: Definition | PredictionTag }) {
  const words = useWords();
  if (isPredicted(definition.kind)) return <Rows rows={predictionRows(definition as PredictionTag, words)} />;
  return <Computed definition={definition as Definition} />;
}

function Computed({ definition }: { definition: Definition }) {
  const { t } = useTranslation();
  const words = useWords();
  if (definition.kind === "rule") {
    return (
      <ol style={{ margin: 0, paddingInlineStart: 20, lineHeight: 1.7 }}>
        {definition.cases.map(({ value, condition }, place) => (
          <li key={place}>
            <strong>{value}</strong>: {sentenceOf(condition, words)}
          </li>
        ))}
        {definition.otherwise && (
          <li>
            <strong>{definition.otherwise}</strong>: {t("tagging.editor.otherwise")}
          </li>
        )}
      </ol>
    );
  }
  if (definition.kind === "sql") return <CodeBlock code={definition.sql} label={t("tagging.editor.sql")} />;
  if (definition.kind === "manual") return <KindName kind="manual" />;
  const rows = definition.kind === "activity_tier" ? scoreRows(definition.score, words) : rowsOf(definition, words);
  return <Rows rows={rows} />;
}

function Rows({ rows }: { rows: Row[] }) {
  return <Descriptions size="small" column={1} items={rows.map(([label, children], place) => ({ key: place, label, children }))} />;
}
