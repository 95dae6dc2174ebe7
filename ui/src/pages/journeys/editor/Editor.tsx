import { Button, Switch, Tooltip } from "antd";
import { lazy, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Waiting } from "@/components/Waiting";
import type { Definition, Figures, Problem } from "../common/types";
import { AddAfter } from "./AddAfter";
import { added, byNode, ENTRY, placeAfter } from "./graph";
import { laidOut } from "./layout";
import { Palette } from "./Palette";
import { Panel } from "./Panel";
import "../journeys.css";

/** React Flow is heavy: only whoever opens a picture fetches it. */
export const LazyCanvas = lazy(async () => ({ default: (await import("./Canvas")).Canvas }));

interface Props {
  definition: Definition;
  change: (definition: Definition, field?: string) => void;
  history: { undo: () => void; redo: () => void; canUndo: boolean; canRedo: boolean };
  problems: readonly Problem[];
  figures: Figures | null;
  people: (id: string) => void;
  mayEdit: boolean;
}

/** The picture with what can be put into it at its left, and what the chosen node needs at its right. */
export function Editor({ definition, change, history, problems, figures, people, mayEdit }: Props) {
  const { t } = useTranslation();
  const [selected, select] = useState<string | null>(null);
  const [counted, setCounted] = useState(true);
  const faults = useMemo(() => byNode(problems), [problems]);
  const chosen = selected !== null && (selected === ENTRY || selected in definition.nodes) ? selected : null;
  const keys = (event: React.KeyboardEvent) => {
    const typing = event.target instanceof HTMLElement && event.target.closest("input, textarea, [contenteditable]");
    if (!(event.ctrlKey || event.metaKey) || typing || !mayEdit) return;
    const letter = event.key.toLowerCase();
    if (letter !== "z" && letter !== "y") return;
    event.preventDefault();
    if (letter === "y" || event.shiftKey) history.redo();
    else history.undo();
  };
  return (
    // Keys of what is inside come here, too.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className="stack" onKeyDown={keys}>
      <div className="row between">
        {mayEdit ? (
          <div className="row" role="toolbar" aria-label={t("journeys.editor.toolbar")}>
            <AddAfter definition={definition} selected={chosen} change={change} select={select} />
            <Tooltip title="Ctrl+Z">
              <Button disabled={!history.canUndo} onClick={history.undo}>
                {t("journeys.editor.undo")}
              </Button>
            </Tooltip>
            <Tooltip title="Ctrl+Shift+Z">
              <Button disabled={!history.canRedo} onClick={history.redo}>
                {t("journeys.editor.redo")}
              </Button>
            </Tooltip>
            <Button onClick={() => change({ ...definition, layout: positioned(definition) })}>{t("journeys.editor.layOut")}</Button>
          </div>
        ) : (
          <span />
        )}
        <div className="row" aria-live="polite">
          {figures && (
            <span className="row" style={{ gap: 6 }}>
              <Switch size="small" aria-label={t("journeys.figures.live")} checked={counted} onChange={setCounted} />
              {t("journeys.figures.live")}
            </span>
          )}
          <span className={problems.length ? "fault-text" : undefined} data-testid="problems">
            {problems.length ? t("journeys.editor.problems", { count: problems.length }) : t("journeys.editor.noProblems")}
          </span>
        </div>
      </div>
      <div className={["journey-editor", chosen && mayEdit && "with-panel", !mayEdit && "read-only"].filter(Boolean).join(" ")}>
        {mayEdit && <Palette add={(kind) => {
          const made = added(definition, kind, placeAfter(definition, chosen));
          change(made.definition);
          select(made.id);
        }} />}
        <Suspense fallback={<Waiting height={560} />}>
          <LazyCanvas definition={definition} label={t("journeys.editor.canvas")} selected={chosen} select={select} change={mayEdit ? change : undefined} figures={counted ? figures : null} problems={faults} people={people} height="max(560px, calc(100vh - 300px))" />
        </Suspense>
        {chosen && mayEdit && <Panel definition={definition} selected={chosen} select={select} change={change} problems={faults.get(chosen) ?? []} />}
      </div>
    </div>
  );
}

function positioned(definition: Definition): Definition["layout"] {
  return Object.fromEntries(Object.entries(laidOut(definition)).filter(([id]) => id !== ENTRY));
}
