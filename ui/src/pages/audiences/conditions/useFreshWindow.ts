import dayjs from "dayjs";
import { lastDayOf, useEvents } from "@/query/catalog";
import { LAST_30 } from "./making";
import type { Window } from "./types";

/** The window that a new condition begins with: the last 30 days, or all of history where nothing came in those. */
export function useFreshWindow(): Window {
  const last = lastDayOf(useEvents());
  return last !== null && dayjs(last).isBefore(dayjs().subtract(30, "day")) ? { kind: "ever" } : LAST_30;
}
