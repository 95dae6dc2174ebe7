import { describe, expect, it } from "vitest";
import { nameOf, pastedIds, personAddress, propertyNames } from "./naming";
import { bySession, type TimelineEvent } from "./person/sessions";

const someone = (properties: Record<string, unknown>, ids = ["u1"]) => ({ person_id: "7", distinct_ids: ids, properties });

describe("nameOf", () => {
  it("prefers a name, then an id, then the number", () => {
    expect(nameOf(someone({ name: "王芳", email: "w@example.com" }))).toBe("王芳");
    expect(nameOf(someone({ name: "", email: "w@example.com" }))).toBe("w@example.com");
    expect(nameOf(someone({}))).toBe("u1");
    expect(nameOf(someone({}, []))).toBe("#7");
  });

  it("leads to the person by number, with the # kept out of the address's fragment", () => {
    expect(personAddress("shop", someone({}))).toBe("/p/shop/person?person=%237");
  });
});

describe("propertyNames", () => {
  it("has the most frequent first", () => {
    expect(propertyNames([someone({ a: 1, b: 1 }), someone({ b: 1 }), someone({ c: 1 })])).toEqual(["b", "a", "c"]);
  });
});

describe("pastedIds", () => {
  it("takes lines, commas of both languages, tabs and quotes, each id once", () => {
    expect(pastedIds('u1\r\nu2, u3\tu1，"u4"\n\n')).toEqual(["u1", "u2", "u3", "u4"]);
    expect(pastedIds(" \n")).toEqual([]);
  });
});

describe("bySession", () => {
  const event = (session: string, minute: number): TimelineEvent => ({
    event_id: `${session}${minute}`,
    event: "view",
    time: new Date(minute * 60_000).toISOString(),
    distinct_id: "u1",
    session_id: "",
    session,
    source: "web",
    properties: {},
  });

  it("groups events, the latest session first, with the time between sessions", () => {
    const sessions = bySession([event("b", 100), event("b", 90), event("a", 30), event("a", 10)]);
    expect(sessions.map(({ key, events, startMs, endMs, gapMs }) => [key, events.length, startMs / 60_000, endMs / 60_000, gapMs === null ? null : gapMs / 60_000])).toEqual([
      ["b", 2, 90, 100, 60],
      ["a", 2, 10, 30, null],
    ]);
  });

  it("keeps a session together that another one overlaps", () => {
    const sessions = bySession([event("phone", 12), event("web", 11), event("phone", 10)]);
    expect(sessions.map(({ key, events }) => [key, events.length])).toEqual([
      ["phone", 2],
      ["web", 1],
    ]);
  });
});
