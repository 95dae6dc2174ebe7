import { Card } from "antd";
import { useTranslation } from "react-i18next";
import { CheckOutlined } from "@/components/icons";
import { lineStart } from "../common/colouring";
import type { Problem } from "../common/types";
import type { Place } from "./body";
import { useProblemWords } from "./checking";

interface Props {
  problems: readonly Problem[];
  checked: boolean;
  place: Place;
  go: (place: Place) => void;
}

/** Everything that is wrong, worst first; each leads to its line. */
export function ProblemList({ problems, checked, place, go }: Props) {
  const { t } = useTranslation();
  const words = useProblemWords();
  const errors = problems.filter((each) => each.severity === "error").length;
  const counts = [errors && t("templates.edit.errors", { count: errors }), problems.length - errors && t("templates.edit.warnings", { count: problems.length - errors })].filter(Boolean).join(" · ");
  const open = (problem: Problem) => {
    const there = { variant: problem.variant || place.variant, language: problem.language || place.language };
    if (there.variant !== place.variant || there.language !== place.language) go(there);
    // Once the fields of the other language are there.
    setTimeout(() => focusOn(problem), 60);
  };
  return (
    <Card size="small" title={`${t("templates.edit.problems")}${counts ? ` · ${counts}` : ""}`} id="template-problems" extra={checked ? null : <span role="status">{t("templates.edit.checking")}</span>}>
      {problems.length === 0 ? (
        <span className="row" style={{ gap: 6 }}>
          <CheckOutlined style={{ color: "#2b8a3e" }} /> {t("templates.edit.noProblems")}
        </span>
      ) : (
        <div className="stack" style={{ gap: 6 }} role="list">
          {problems.map((each, number) => (
            <div role="listitem" key={number}>
              <button type="button" className={`problem ${each.severity}`} onClick={() => open(each)}>
                {(each.variant !== place.variant || each.language !== place.language) && each.language && (
                  <strong>
                    {each.variant} · {each.language}{" "}
                  </strong>
                )}
                {words(each)}
              </button>
            </div>
          ))}
        </div>
      )}
    </Card>
  );
}

function focusOn(problem: Problem): void {
  const field = document.getElementById(`field-${problem.field.split(".")[0]}`);
  if (!(field instanceof HTMLTextAreaElement) && !(field instanceof HTMLInputElement)) return;
  field.focus();
  if (problem.line === null || problem.snippet) return;
  const from = lineStart(field.value, problem.line);
  const end = field.value.indexOf("\n", from);
  field.setSelectionRange(from, end < 0 ? field.value.length : end);
  const box = field.closest(".code-editor");
  if (box) box.scrollTop = Math.max(0, (problem.line - 4) * 20);
}
