import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";

interface Options<Given, Answer> {
  /** What is said when it worked; nothing if left out. */
  done?: string | ((answer: Answer, given: Given) => string);
  /** Beginnings of the keys of what is read again. */
  refresh?: readonly (readonly unknown[])[];
  onDone?: (answer: Answer, given: Given) => void;
}

/** A change on the server: says what became of it, and has what it touches read again. */
export function useAction<Given = void, Answer = unknown>(act: (given: Given) => Promise<Answer>, options: Options<Given, Answer> = {}) {
  const { message } = App.useApp();
  const { t } = useTranslation();
  const queries = useQueryClient();
  return useMutation<Answer, unknown, Given>({
    mutationFn: act,
    onSuccess: async (answer, given) => {
      const { done, onDone, refresh = [] } = options;
      if (done) void message.success(typeof done === "string" ? done : done(answer, given));
      onDone?.(answer, given);
      await Promise.all(refresh.map((queryKey) => queries.invalidateQueries({ queryKey: [...queryKey] })));
    },
    onError: (error) => {
      const refused = error instanceof ApiError ? error : null;
      const words = refused ? [refused.message, refused.hint].filter(Boolean).join(" ") : t("errors.unreachable");
      void message.error(words, 6);
    },
  });
}
