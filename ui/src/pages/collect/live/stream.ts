import { useEffect, useReducer, useRef, useState } from "react";
import type { Schemas } from "@/api/types";

export type LiveEvent = Schemas["LiveEvent"];
export type Connection = "connecting" | "open" | "closed";

/** So many are kept on the page. */
export const MOST_SHOWN = 300;
export const SECONDS_SHOWN = 60;

export interface Stream {
  connection: Connection;
  shown: LiveEvent[];
  /** Arrived while paused. */
  waiting: LiveEvent[];
  paused: boolean;
  arrivals: { second: number; count: number }[];
}

export type StreamAction =
  | { kind: "connection"; connection: Connection }
  | { kind: "arrived"; events: LiveEvent[]; second: number }
  | { kind: "pause"; paused: boolean };

export const emptyStream: Stream = { connection: "connecting", shown: [], waiting: [], paused: false, arrivals: [] };

/** Newly arrived events before those there are, each once, at most so many. */
export function merged(arrived: LiveEvent[], before: LiveEvent[], most = MOST_SHOWN): LiveEvent[] {
  const seen = new Set<string>();
  return [...arrived, ...before].filter((event) => !seen.has(event.event_id) && seen.add(event.event_id)).slice(0, most);
}

export function stream(state: Stream, action: StreamAction): Stream {
  switch (action.kind) {
    case "connection":
      return { ...state, connection: action.connection };
    case "pause":
      return action.paused ? { ...state, paused: true } : { ...state, paused: false, shown: merged(state.waiting, state.shown), waiting: [] };
    case "arrived": {
      const arrived = action.events.toSorted((one, other) => Date.parse(other.received_at) - Date.parse(one.received_at));
      const arrivals = [...state.arrivals.filter((each) => each.second > action.second - SECONDS_SHOWN), { second: action.second, count: arrived.length }];
      if (state.paused) return { ...state, arrivals, waiting: merged(arrived, state.waiting) };
      return { ...state, arrivals, shown: merged(arrived, state.shown) };
    }
  }
}

/** Events a second over the last minute, the oldest second first. */
export function countsBySecond(arrivals: Stream["arrivals"], now: number, span = SECONDS_SHOWN): number[] {
  const counts = Array.from({ length: span }, () => 0);
  for (const { second, count } of arrivals) {
    const place = span - 1 - (now - second);
    if (place >= 0 && place < span) counts[place] = (counts[place] ?? 0) + count;
  }
  return counts;
}

export const secondNow = () => Math.floor(Date.now() / 1000);

/** The events of an address as they arrive, until the component goes. */
export function useStream(address: string) {
  const [state, dispatch] = useReducer(stream, emptyStream);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const source = new EventSource(address);
    source.addEventListener("open", () => dispatch({ kind: "connection", connection: "open" }));
    source.addEventListener("error", () =>
      dispatch({ kind: "connection", connection: source.readyState === EventSource.CLOSED ? "closed" : "connecting" }),
    );
    source.addEventListener("events", (message: MessageEvent<string>) =>
      dispatch({ kind: "arrived", events: JSON.parse(message.data) as LiveEvent[], second: secondNow() }),
    );
    return () => source.close();
  }, [address, attempt]);
  return { state, pause: (paused: boolean) => dispatch({ kind: "pause", paused }), reconnect: () => setAttempt((times) => times + 1) };
}

/** The current second, told anew every second. */
export function useSecond(): number {
  const [now, setNow] = useState(secondNow);
  const timer = useRef<ReturnType<typeof setInterval>>(undefined);
  useEffect(() => {
    timer.current = setInterval(() => setNow(secondNow()), 1000);
    return () => clearInterval(timer.current);
  }, []);
  return now;
}
