import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Schemas } from "@/api/types";
import { finished } from "@/query/operators";
import { eachLine, send } from "@/query/requests";
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

/** The results of a board's tiles, each as soon as it is there. */
export function useBoardResults(projectId: string, boardId: string, version: string, question: BoardQuestion): BoardResults {
  const queries = useQueryClient();
  const body = { filters: finished(question.filters), period: question.period };
  const key = ["board-results", projectId, boardId, version, body];
  const found = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
      let tiles: ReadonlyMap<string, TileResult> = new Map();
      const response = await send(projectId, `dashboards/${encodeURIComponent(boardId)}/results`, body, { signal });
      await eachLine<TileResult>(response, (result) => {
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
