import { useCallback, useReducer } from "react";

export interface Held<Value> {
  past: Value[];
  present: Value;
  future: Value[];
  /** What was changed last: letters typed into one field are one step. */
  field: string | null;
  at: number;
}

type Act<Value> = { kind: "change"; value: Value; field: string | null; at: number } | { kind: "undo" | "redo" } | { kind: "begin"; value: Value };

const MOST = 200;
const PAUSE_MS = 1_200;

export function stepped<Value>(held: Held<Value>, act: Act<Value>): Held<Value> {
  switch (act.kind) {
    case "begin":
      return { past: [], present: act.value, future: [], field: null, at: 0 };
    case "undo": {
      const before = held.past.at(-1);
      if (before === undefined) return held;
      return { past: held.past.slice(0, -1), present: before, future: [held.present, ...held.future], field: null, at: 0 };
    }
    case "redo": {
      const [next, ...rest] = held.future;
      if (next === undefined) return held;
      return { past: [...held.past, held.present], present: next, future: rest, field: null, at: 0 };
    }
    case "change": {
      if (act.value === held.present) return held;
      const same = act.field !== null && act.field === held.field && act.at - held.at < PAUSE_MS;
      return { past: same ? held.past : [...held.past, held.present].slice(-MOST), present: act.value, future: [], field: act.field, at: act.at };
    }
  }
}

/** A value that remembers what it was. */
export function useHistory<Value>(begun: Value) {
  const [held, act] = useReducer(stepped<Value>, { past: [], present: begun, future: [], field: null, at: 0 });
  const change = useCallback((value: Value, field: string | null = null) => act({ kind: "change", value, field, at: Date.now() }), []);
  const undo = useCallback(() => act({ kind: "undo" }), []);
  const redo = useCallback(() => act({ kind: "redo" }), []);
  return { present: held.present, change, undo, redo, canUndo: held.past.length > 0, canRedo: held.future.length > 0 };
}
