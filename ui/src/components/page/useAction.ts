import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";
import { readAgain } from "./readAgain";

/** What is shown of something that was read, as if the change had worked already. */
export interface Guess {
  queryKey: QueryKey;
  /** From what is held to what is expected. */
  change: (held: never) => unknown;
}

interface Options<Given, Answer> {
  /** What is said when it worked; nothing if left out. */
  done?: string | ((answer: Answer, given: Given) => string);
  /** Beginnings of the keys of what is read again. */
  refresh?: readonly QueryKey[];
  onDone?: (answer: Answer, given: Given) => void;
  /** What the change is expected to come to, shown at once and taken back if it is refused. */
  guess?: (given: Given) => Guess | null;
}

/** A change on the server: says what became of it, and has what it touches read again. */
export function useAction<Given = void, Answer = unknown>(act: (given: Given) => Promise<Answer>, options: Options<Given, Answer> = {}) {
  const { message } = App.useApp();
  const { t } = useTranslation();
  const queries = useQueryClient();
  return useMutation<Answer, unknown, Given, [QueryKey, unknown][]>({
    mutationFn: act,
    onMutate: async (given) => {
      const guess = options.guess?.(given);
      if (!guess) return [];
      // An answer that is on its way would show what was before.
      await queries.cancelQueries({ queryKey: guess.queryKey });
      const before = queries.getQueriesData({ queryKey: guess.queryKey });
      queries.setQueriesData({ queryKey: guess.queryKey }, (held: unknown) => (held === undefined ? held : guess.change(held as never)));
      return before;
    },
    onSuccess: async (answer, given) => {
      const { done, onDone, refresh = [] } = options;
      const words = typeof done === "function" ? done(answer, given) : done;
      if (words) void message.success(words);
      onDone?.(answer, given);
      await readAgain(queries, ...refresh);
    },
    onError: (error, _given, before = []) => {
      for (const [queryKey, held] of before) queries.setQueryData(queryKey, held);
      const refused = error instanceof ApiError ? error : null;
      const words = refused ? [refused.message, refused.hint].filter(Boolean).join(" ") : t("errors.unreachable");
      void message.error(words, 6);
    },
  });
}
