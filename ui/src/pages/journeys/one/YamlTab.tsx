import { Alert, Button } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton } from "@/components/page";
import { useSettled } from "@/pages/audiences/conditions/useEstimate";
import { useCheck } from "../common/queries";
import type { Definition } from "../common/types";
import type { Draft } from "./JourneyPage";

interface Props {
  draft: Pick<Draft, "definition" | "unread" | "setUnread">;
  change: (definition: Definition, field?: string) => void;
  mayEdit: boolean;
}

/** The same journey as text: what is written here is drawn there, and the other way round. */
export function YamlTab({ draft, change, mayEdit }: Props) {
  const { t } = useTranslation();
  const drawn = useCheck({ definition: draft.definition });
  if (!drawn.data) return null;
  return <Written key="written" begun={drawn.data.yaml ?? ""} unread={draft.unread} setUnread={draft.setUnread} change={change} mayEdit={mayEdit} waits={t("journeys.yaml.checking")} />;
}

interface WrittenProps extends Pick<Props, "change" | "mayEdit">, Pick<Draft, "unread" | "setUnread"> {
  begun: string;
  waits: string;
}

function Written({ begun, unread, setUnread, change, mayEdit, waits }: WrittenProps) {
  const { t, i18n } = useTranslation();
  const [text, setText] = useState(unread ?? begun);
  const settled = useSettled(text);
  const check = useCheck({ yaml: settled || " " });
  const area = useRef<HTMLTextAreaElement>(null);
  const current = settled === text && !check.isPlaceholderData ? check.data : undefined;
  const problems = current?.problems ?? [];
  const faulty = new Set(problems.flatMap((each) => each.line ?? []));
  const readable = current?.definition ?? null;
  // What can be read is drawn at once; what was only looked at changes nothing.
  useEffect(() => {
    if (!readable || text === begun || !looksWhole(readable)) return;
    change(readable, "yaml");
    setUnread(null);
  }, [readable, text, begun, change, setUnread]);
  const write = (next: string) => {
    setText(next);
    // Until it is drawn it is only here.
    setUnread(next === begun ? null : next);
  };
  const lines = text.split("\n").length;
  const go = (line: number) => {
    const at = text.split("\n").slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    area.current?.focus();
    area.current?.setSelectionRange(at, at + (text.split("\n")[line - 1]?.length ?? 0));
  };
  return (
    <div className="stack">
      <div className="row between">
        <span style={{ opacity: 0.85 }}>{t("journeys.yaml.hint")}</span>
        <CopyButton text={text} label="YAML" wide />
      </div>
      <div className="journey-lines journey-yaml">
        <ol aria-hidden>
          {Array.from({ length: lines }, (_, place) => (
            <li key={place} className={faulty.has(place + 1) ? "faulty" : undefined}>
              {place + 1}
            </li>
          ))}
        </ol>
        <textarea ref={area} className="journey-yaml" aria-label="YAML" readOnly={!mayEdit} spellCheck={false} rows={Math.max(14, lines + 1)} value={text} onChange={(event) => write(event.target.value)} />
      </div>
      <div aria-live="polite" className="stack" style={{ gap: 6 }}>
        {!current && <span>{waits}</span>}
        {current && !problems.length && <Alert type="success" showIcon title={t("journeys.editor.noProblems")} />}
        {problems.map((each) => (
          <Alert
            key={`${each.path}${each.code}${each.line}`}
            type="error"
            showIcon
            title={`${each.path ? `${each.path}: ` : ""}${i18n.language === "zh" ? each.zh : each.en}`}
            action={
              each.line ? (
                <Button size="small" onClick={() => go(each.line ?? 1)}>
                  {t("journeys.yaml.line", { line: each.line })}
                </Button>
              ) : undefined
            }
          />
        ))}
      </div>
    </div>
  );
}

/** Whether a text that was read has the parts that a picture needs, of kinds that there are. */
function looksWhole(definition: Definition): boolean {
  const { entry, nodes } = definition as Partial<Definition>;
  if (!entry?.kind || typeof nodes !== "object" || nodes === null) return false;
  return Object.values(nodes).every((node) => typeof node === "object" && node !== null && complete(node as unknown as Record<string, unknown>));
}

function complete(node: Record<string, unknown>): boolean {
  const lists: Record<string, string> = { branch: "cases", split: "portions", send: "channels" };
  const kind = String(node.kind);
  const list = lists[kind];
  if (list) return Array.isArray(node[list]);
  if (kind === "experiment") return typeof node.variants === "object" && node.variants !== null;
  return SIMPLE.includes(kind);
}

const SIMPLE = ["wait", "wait_until", "wait_for", "set_property", "set_tag", "add_to_audience", "give", "task", "webhook", "exit"];
