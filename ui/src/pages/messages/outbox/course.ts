import type { Got } from "@/api/types";
import { dayIn, noonIn } from "@/query/zones";
import type { Course } from "./queries";

type Counts = Got<"/api/projects/{project_id}/messages/statistics">["counts"];

/** What became of messages at last, stacked; and what people did with them, as lines. */
export const STACKED = [
  { event: "$message_sent", color: "#3355ff" },
  { event: "$message_bounced", color: "#eb5757" },
  { event: "$message_suppressed", color: "#9aa3b5" },
] as const;
export const LINES = [
  { event: "$message_opened", color: "#18b5a4" },
  { event: "$message_clicked", color: "#f2994a" },
  { event: "$message_complained", color: "#9b51e0" },
  { event: "$message_unsubscribed", color: "#c0392b" },
] as const;

const HOUR_MS = 3_600_000;

/** Every hour or day of the project from the first that has something until now, with the count of each event. */
export function series(course: Course, zone: string, nowMs: number): { starts: number[]; values: Map<string, number[]> } {
  const known = course.rows.map((row) => Date.parse(row.at));
  const first = known.length > 0 ? Math.min(...known) : nowMs;
  const starts = course.unit === "hour" ? hoursOf(first, nowMs) : daysOf(zone, first, nowMs).map((day) => noonIn(zone, day).getTime());
  // Days are told apart by the calendar: where clocks are put forward or back they have 23 or 25 hours.
  const placeOf = course.unit === "hour" ? (at: number) => Math.floor((at - first) / HOUR_MS) : placeByDay(starts, zone);
  const values = new Map<string, number[]>();
  for (const row of course.rows) {
    const list = values.get(row.event) ?? starts.map(() => 0);
    const place = placeOf(Date.parse(row.at));
    if (place in list) list[place] = (list[place] ?? 0) + row.count;
    values.set(row.event, list);
  }
  return { starts, values };
}

function hoursOf(firstMs: number, lastMs: number): number[] {
  return Array.from({ length: Math.floor((lastMs - firstMs) / HOUR_MS) + 1 }, (_, place) => firstMs + place * HOUR_MS);
}

function daysOf(zone: string, firstMs: number, lastMs: number): string[] {
  const [first, last] = [firstMs, lastMs].map((at) => Date.parse(dayIn(zone, at))) as [number, number];
  return Array.from({ length: Math.round((last - first) / (24 * HOUR_MS)) + 1 }, (_, place) => new Date(first + place * 24 * HOUR_MS).toISOString().slice(0, 10));
}

function placeByDay(starts: number[], zone: string): (at: number) => number {
  const places = new Map(starts.map((at, place) => [dayIn(zone, at), place]));
  return (at) => places.get(dayIn(zone, at)) ?? -1;
}

export interface ChannelRow {
  channel_id: string;
  waiting: number;
  reasons: [string, number][];
  of: (event: string) => number;
}

/** What each channel did, those with most messages first. */
export function byChannel(course: Course, counts: Counts): ChannelRow[] {
  const ids = [...new Set([...course.rows.map((row) => row.channel_id), ...counts.map((each) => each.channel_id)])].filter(Boolean);
  const rows = ids.map((channel_id) => {
    const mine = course.rows.filter((row) => row.channel_id === channel_id);
    const reasons = new Map<string, number>();
    for (const row of mine) if (row.reason) reasons.set(row.reason, (reasons.get(row.reason) ?? 0) + row.count);
    const waiting = counts.filter((each) => each.channel_id === channel_id && (each.state === "queued" || each.state === "held")).reduce((sum, each) => sum + each.count, 0);
    const of = (event: string) => mine.filter((row) => row.event === event).reduce((sum, row) => sum + row.count, 0);
    return { channel_id, waiting, reasons: [...reasons].toSorted((one, other) => other[1] - one[1]), of };
  });
  return rows.toSorted((one, other) => other.of("$message_sent") - one.of("$message_sent"));
}
