import { isGroup } from "../../conditions/making";
import { sentenceOf, type Words } from "../../conditions/sentence";
import type { Condition } from "../../conditions/types";
import { predictionRows, type Row, rowsOf, scoreRows } from "../../tags/rows";
import { type Definition, isPredicted, type PredictionTag } from "../../tags/types";
import type { Line } from "./align";

/** A condition as lines: a group's name, and what is in it further inside. */
export function conditionLines(condition: Condition, words: Words, depth = 0): Line[] {
  if (!isGroup(condition) || condition.items.length < 2) return [{ text: sentenceOf(condition, words), depth }];
  const inside = condition.items.flatMap((each) => conditionLines(each, words, depth + 1));
  return [{ text: words.t(condition.kind === "all" ? "conditions.allOf" : "conditions.anyOf"), depth }, ...inside];
}

/** A tag's definition as lines. */
export function definitionLines(definition: Definition | PredictionTag, words: Words): Line[] {
  if (isPredicted(definition.kind)) return rowLines(predictionRows(definition as PredictionTag, words));
  const computed = definition as Definition;
  switch (computed.kind) {
    case "rule":
      return [...computed.cases.flatMap(({ value, condition }) => [{ text: value, depth: 0 }, ...conditionLines(condition, words, 1)]), ...(computed.otherwise ? [{ text: `${words.t("tagging.editor.otherwise")}: ${computed.otherwise}`, depth: 0 }] : [])];
    case "sql":
      return computed.sql.split("\n").map((text) => ({ text, depth: 0 }));
    case "manual":
      return [];
    case "activity_tier":
      return rowLines(scoreRows(computed.score, words));
    default:
      return rowLines(rowsOf(computed, words));
  }
}

function rowLines(rows: readonly Row[]): Line[] {
  return rows.map(([label, text]) => ({ text: `${label}: ${text}`, depth: 0 }));
}
