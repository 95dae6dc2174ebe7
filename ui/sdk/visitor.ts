import { uuid } from "./ids";
import type { Jar } from "./jar";

const SESSION_MS = 1800000;

/** Who is in front of the page. In a cookie as these members in this order. */
export interface Visitor {
  anonymousId: string;
  userId: string;
  groupId: string;
  sessionId: string;
  /** When the last event was, in milliseconds. */
  seen: number;
  /** "1": agreed, "0": refused, "": never asked. */
  consent: string;
}

export function unknown(): Visitor {
  return { anonymousId: uuid(), userId: "", groupId: "", sessionId: "", seen: 0, consent: "" };
}

/** The visitor that the jar remembers; null where it remembers none. */
export function recall(jar: Jar): Visitor | null {
  const [anonymousId = "", userId = "", groupId = "", sessionId = "", seen = "", consent = ""] = jar
    .read()
    .split("|")
    .map(decodeURIComponent);
  // A refusal is remembered without an id.
  return anonymousId || consent
    ? { anonymousId: anonymousId || uuid(), userId, groupId, sessionId, seen: +seen, consent }
    : null;
}

export function remember(jar: Jar, visitor: Visitor): void {
  const { anonymousId, userId, groupId, sessionId, seen, consent } = visitor;
  jar.write([anonymousId, userId, groupId, sessionId, seen, consent].map(encodeURIComponent).join("|"));
}

/** An event happens: after half an hour without any, a session begins. */
export function touch(visitor: Visitor, now: number): void {
  if (!visitor.sessionId || now - visitor.seen > SESSION_MS) visitor.sessionId = uuid();
  visitor.seen = now;
}
