import { useEffect, useRef, useState } from "react";
import { ownHeaders, refusalOf } from "@/api/client";
import type { Schemas } from "@/api/types";
import { finished } from "@/query/operators";
import type { Filter, Period } from "@/query/types";

export type TileResult = Schemas["TileResult"];

export interface BoardQuestion {
  filters: Filter | null;
  period: Period | null;
}

export interface BoardResults {
  tiles: ReadonlyMap<string, TileResult>;
  running: boolean;
  error: unknown;
  updated: Date | null;
  again: () => void;
}

/** Cuts lines out of text that comes in pieces; gives the rest back. */
export function linesOf(text: string): [string[], string] {
  const lines = text.split("\n");
  const rest = lines.pop() ?? "";
  return [lines.filter((line) => line.trim()), rest];
}

/** The results of a board's tiles, each as soon as it is there. */
export function useBoardResults(projectId: string, boardId: string, version: string, question: BoardQuestion): BoardResults {
  const [tiles, setTiles] = useState<ReadonlyMap<string, TileResult>>(new Map());
  const [running, setRunning] = useState(true);
  const [error, setError] = useState<unknown>(null);
  const [updated, setUpdated] = useState<Date | null>(null);
  const [turn, setTurn] = useState(0);
  const shown = useRef("");
  const body = JSON.stringify({ filters: finished(question.filters), period: question.period });
  useEffect(() => {
    const stop = new AbortController();
    if (shown.current !== boardId) setTiles(new Map());
    shown.current = boardId;
    setRunning(true);
    setError(null);
    const path = `/api/projects/${encodeURIComponent(projectId)}/dashboards/${encodeURIComponent(boardId)}/results`;
    const add = (result: TileResult) => setTiles((before) => new Map(before).set(result.tile_id, result));
    readLines(path, body, stop.signal, add)
      .then(() => setUpdated(new Date()))
      .catch((failure: unknown) => !stop.signal.aborted && setError(failure))
      .finally(() => !stop.signal.aborted && setRunning(false));
    return () => stop.abort();
  }, [projectId, boardId, version, body, turn]);
  return { tiles, running, error, updated, again: () => setTurn((each) => each + 1) };
}

async function readLines(path: string, body: string, signal: AbortSignal, add: (result: TileResult) => void): Promise<void> {
  const response = await fetch(path, { method: "POST", headers: { ...ownHeaders(), "content-type": "application/json" }, body, signal });
  if (!response.ok || !response.body) throw await refusalOf(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    const [lines, left] = linesOf(rest + (done ? "\n" : value));
    for (const line of lines) add(JSON.parse(line) as TileResult);
    rest = left;
    if (done) return;
  }
}
