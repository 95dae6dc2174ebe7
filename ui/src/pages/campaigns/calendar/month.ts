import dayjs from "dayjs";
import type { Entry } from "../shared/types";

export const DAY = "YYYY-MM-DD";

/** The days of the weeks that a month touches, week by week; `firstWeekday` is 1 for Monday to 7. */
export function weeksOf(month: string, firstWeekday: number): string[][] {
  const first = dayjs(`${month}-01`);
  const back = (first.day() - (firstWeekday % 7) + 7) % 7;
  const start = first.subtract(back, "day");
  const weeks = Math.ceil((back + first.daysInMonth()) / 7);
  return Array.from({ length: weeks }, (_, week) => Array.from({ length: 7 }, (_, day) => start.add(week * 7 + day, "day").format(DAY)));
}

export interface Lane {
  entry: Entry;
  lane: number;
}

/** Which line of a week each campaign is on, so that its bar goes straight on from day to day. */
export function lanesOf(week: readonly string[], entries: readonly Entry[]): Lane[] {
  const [from, to] = [week[0] ?? "", week.at(-1) ?? ""];
  const mine = entries.filter((each) => each.first_day <= to && each.last_day >= from).toSorted((one, other) => one.first_day.localeCompare(other.first_day) || other.last_day.localeCompare(one.last_day) || one.campaign_id.localeCompare(other.campaign_id));
  const ends: string[] = [];
  return mine.map((entry) => {
    const free = ends.findIndex((end) => end < entry.first_day);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = entry.last_day;
    return { entry, lane };
  });
}
