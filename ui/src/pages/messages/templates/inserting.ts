import { useCallback, useRef } from "react";

type Field = HTMLInputElement | HTMLTextAreaElement;

/** Remembers the field of Liquid that was written in last, and puts texts where its cursor was. */
export function useInserting() {
  const last = useRef<Field | null>(null);
  const onFocus = useCallback((event: React.FocusEvent) => {
    const field = event.target;
    const isText = field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && field.dataset["liquid"] !== undefined);
    if (isText && field.id.startsWith("field-")) last.current = field;
  }, []);
  const field = useCallback((): Field | null => {
    if (last.current?.isConnected) return last.current;
    return document.querySelector<Field>("textarea[id^='field-']");
  }, []);
  const insert = useCallback(
    (text: string) => {
      const target = field();
      if (!target) return;
      target.focus();
      // As if it were typed: it can be undone, and the page hears of it.
      if (!document.execCommand("insertText", false, text)) target.setRangeText(text, target.selectionStart ?? 0, target.selectionEnd ?? 0, "end");
    },
    [field],
  );
  return { onFocus, insert, field };
}

/** Puts a whole text into a field, with the cursor at a place, so that it can be undone. */
export function replaceAll(field: Field, text: string, cursor: number): void {
  field.focus();
  field.setSelectionRange(0, field.value.length);
  document.execCommand("insertText", false, text);
  field.setSelectionRange(cursor, cursor);
}
