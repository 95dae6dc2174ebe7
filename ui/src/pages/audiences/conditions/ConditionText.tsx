import { useTranslation } from "react-i18next";
import { sentenceOf } from "./sentence";
import type { Condition } from "./types";
import { useWords } from "./useWords";

/** A condition as a list of what must hold, groups within groups. */
export function ConditionText({ condition, added }: { condition: Condition; added?: ReadonlySet<string> }) {
  const { t } = useTranslation();
  const words = useWords();
  if (condition.kind !== "all" && condition.kind !== "any") return <p style={{ margin: 0, lineHeight: 1.65 }}>{sentenceOf(condition, words)}</p>;
  if (!condition.items.length) return <p style={{ margin: 0 }}>{sentenceOf(condition, words)}</p>;
  return (
    <div className="stack" style={{ gap: 4 }}>
      {condition.items.length > 1 && <span style={{ fontSize: 13, opacity: 0.85 }}>{t(condition.kind === "all" ? "conditions.allOf" : "conditions.anyOf")}</span>}
      <ul style={{ margin: 0, paddingInlineStart: 20, lineHeight: 1.7 }}>
        {condition.items.map((item, place) => (
          <li key={place} style={added?.has(JSON.stringify(item)) ? { fontWeight: 600 } : undefined}>
            <ConditionText condition={item} />
          </li>
        ))}
      </ul>
    </div>
  );
}
