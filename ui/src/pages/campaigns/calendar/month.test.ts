import { expect, it } from "vitest";
import type { Entry } from "../shared/types";
import { lanesOf, weeksOf } from "./month";

const entry = (campaign_id: string, first_day: string, last_day: string) => ({ campaign_id, first_day, last_day }) as Entry;

it("begins weeks where the project does", () => {
  const monday = weeksOf("2026-11", 1);
  expect(monday[0]?.[0]).toBe("2026-10-26");
  expect(monday.at(-1)?.at(-1)).toBe("2026-12-06");
  const sunday = weeksOf("2026-11", 7);
  expect(sunday[0]?.[0]).toBe("2026-11-01");
  expect(sunday).toHaveLength(5);
});

it("puts campaigns of the same days on lines of their own, and uses lines again", () => {
  const week = weeksOf("2026-11", 7)[1] ?? [];
  const found = lanesOf(week, [entry("b", "2026-11-09", "2026-11-10"), entry("a", "2026-11-02", "2026-11-09"), entry("c", "2026-11-11", "2026-11-30"), entry("d", "2026-11-20", "2026-11-21")]);
  expect(found.map((each) => [each.entry.campaign_id, each.lane])).toEqual([
    ["a", 0],
    ["b", 1],
    ["c", 0],
  ]);
});
