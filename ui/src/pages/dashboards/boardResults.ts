import { useQuery, useQueryClient } from "@tanstack/react-query";
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

const NOTHING: ReadonlyMap<string, TileResult> = new Map();

/** Cuts lines out of text that comes in pieces; gives the rest back. */
export function linesOf(text: string): [string[], string] {
  const lines = text.split("\n");
  const rest = lines.pop() ?? "";
  return [lines.filter((line) => line.trim()), rest];
}

/** The results of a board's tiles, each as soon as it is there. */
export function useBoardResults(projectId: string, boardId: string, version: string, question: BoardQuestion): BoardResults {
  const queries = useQueryClient();
  const body = JSON.stringify({ filters: finished(question.filters), period: question.period });
  const key = ["board-results", projectId, boardId, version, body];
  const found = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
      const path = `/api/projects/${encodeURIComponent(projectId)}/dashboards/${encodeURIComponent(boardId)}/results`;
      let tiles: ReadonlyMap<string, TileResult> = new Map();
      await readLines(path, body, signal, (result) => {
        tiles = new Map(tiles).set(result.tile_id, result);
        // What was there before stays until the new result has come.
        queries.setQueryData<ReadonlyMap<string, TileResult>>(key, (before) => new Map([...(before ?? []), ...tiles]));
      });
      return tiles;
    },
    placeholderData: (before, earlier) => (earlier?.queryKey[2] === boardId ? before : undefined),
  });
  return {
    tiles: found.data ?? NOTHING,
    running: found.isFetching,
    error: found.error,
    updated: found.dataUpdatedAt ? new Date(found.dataUpdatedAt) : null,
    again: () => void found.refetch(),
  };
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
