import { useMemo } from "react";
import { usePreferences } from "@/app/preferences";
import { coloured } from "./colouring";
import type { Problem } from "./types";
import "./writing.css";

interface Props {
  id: string;
  label: string;
  value: string;
  onChange?: (text: string) => void;
  /** Those of this field; each is marked at its line. */
  problems: readonly Problem[];
  words: (problem: Problem) => string;
  markup?: boolean;
  /** The least and most lines that are seen at once. */
  lines?: [number, number];
  placeholder?: string;
}

const LINE = 20;
const PAD = 8;

/** A source in lines with numbers: what is wrong is marked where it is. The field is a plain text area underneath. */
export function CodeEditor({ id, label, value, onChange, problems, words, markup = false, lines = [4, 28], placeholder }: Props) {
  const { dark } = usePreferences();
  const pieces = useMemo(() => coloured(value, markup), [value, markup]);
  const count = value.split("\n").length;
  const atLine = new Map<number, Problem[]>();
  for (const each of problems) if (each.line !== null && !each.snippet) atLine.set(each.line, [...(atLine.get(each.line) ?? []), each]);
  const severe = (line: number) => atLine.get(line)?.some((each) => each.severity === "error");
  const shown = Math.max(lines[0], Math.min(count + 1, lines[1]));
  return (
    <div className={`code-editor${dark ? " dark" : ""}${problems.some((each) => each.severity === "error") ? " faulty" : ""}`} style={{ height: shown * LINE + 2 * PAD }}>
      <div className="code-lines" style={{ minHeight: Math.max(count, shown) * LINE + 2 * PAD }}>
        <div className="code-gutter" aria-hidden>
          {Array.from({ length: count }, (_, place) => place + 1).map((line) => (
            <div key={line} className={atLine.has(line) ? (severe(line) ? "error" : "warning") : undefined} title={atLine.get(line)?.map(words).join("\n")}>
              {line}
            </div>
          ))}
        </div>
        <div className="code-area">
          {[...atLine.keys()].map((line) => (
            <div key={line} className={`code-band ${severe(line) ? "error" : "warning"}`} style={{ top: PAD + (line - 1) * LINE }} aria-hidden />
          ))}
          <pre aria-hidden>
            {pieces.map((piece, place) => (piece.kind ? <span key={place} className={`code-${piece.kind}`}>{piece.text}</span> : piece.text))}
            {"\n"}
          </pre>
          <textarea
            id={id}
            aria-label={label}
            aria-invalid={problems.some((each) => each.severity === "error")}
            aria-describedby={problems.length ? "template-problems" : undefined}
            value={value}
            readOnly={!onChange}
            placeholder={placeholder}
            spellCheck={false}
            autoCapitalize="off"
            wrap="off"
            onChange={(event) => onChange?.(event.target.value)}
          />
        </div>
      </div>
    </div>
  );
}
