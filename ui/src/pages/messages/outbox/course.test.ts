import { expect, it } from "vitest";
import { dayIn } from "@/query/zones";
import { series } from "./course";
import type { Course } from "./queries";

const ZONE = "America/New_York";

function course(unit: string, rows: [string, number][]): Course {
  return { unit, rows: rows.map(([at, count]) => ({ at, count, channel_id: "c", event: "$message_sent", reason: "" })) };
}

function byDay(rows: [string, number][], now: string): [string, number][] {
  const { starts, values } = series(course("day", rows), ZONE, Date.parse(now));
  return starts.map((at, place) => [dayIn(ZONE, at), values.get("$message_sent")?.[place] ?? -1]);
}

it("every day of a spring in which clocks are put forward has its own count", () => {
  // Midnight in New York is 05:00 UTC until 9 March 2024 and 04:00 from the 11th on.
  const rows: [string, number][] = [["2024-03-08T05:00:00Z", 1], ["2024-03-10T05:00:00Z", 2], ["2024-03-11T04:00:00Z", 3], ["2024-03-13T04:00:00Z", 4]];
  // Half past midnight: the day has just begun, and its count is there.
  expect(byDay(rows, "2024-03-13T04:30:00Z")).toEqual([["2024-03-08", 1], ["2024-03-09", 0], ["2024-03-10", 2], ["2024-03-11", 3], ["2024-03-12", 0], ["2024-03-13", 4]]);
});

it("every day of an autumn in which clocks are put back has its own count", () => {
  const rows: [string, number][] = [["2024-11-02T04:00:00Z", 1], ["2024-11-03T04:00:00Z", 2], ["2024-11-05T05:00:00Z", 3]];
  // Half past eleven of the 6th: no day that has not begun.
  expect(byDay(rows, "2024-11-07T04:30:00Z")).toEqual([["2024-11-02", 1], ["2024-11-03", 2], ["2024-11-04", 0], ["2024-11-05", 3], ["2024-11-06", 0]]);
});

it("hours are counted through a change of the clock", () => {
  const rows: [string, number][] = [["2024-11-03T05:00:00Z", 1], ["2024-11-03T06:00:00Z", 2], ["2024-11-03T08:00:00Z", 3]];
  const { starts, values } = series(course("hour", rows), ZONE, Date.parse("2024-11-03T08:59:00Z"));
  expect(values.get("$message_sent")).toEqual([1, 2, 0, 3]);
  expect(new Date(starts[1] ?? 0).toISOString()).toBe("2024-11-03T06:00:00.000Z");
});
