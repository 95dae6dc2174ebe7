import type { Schemas } from "@/api/types";

export type TimelineEvent = Schemas["TimelineEventOutput"];

export interface SessionOfEvents {
  key: string;
  /** The latest first. */
  events: TimelineEvent[];
  startMs: number;
  endMs: number;
  /** From the end of the session before to the beginning of this one; null for the first there is. */
  gapMs: number | null;
}

/** A person's events, which come the latest first, by session. */
export function bySession(events: readonly TimelineEvent[]): SessionOfEvents[] {
  const sessions = new Map<string, SessionOfEvents>();
  for (const event of events) {
    const at = Date.parse(event.time);
    const session = sessions.get(event.session) ?? { key: event.session, events: [], startMs: at, endMs: at, gapMs: null };
    session.events.push(event);
    session.startMs = Math.min(session.startMs, at);
    session.endMs = Math.max(session.endMs, at);
    sessions.set(event.session, session);
  }
  const ordered = [...sessions.values()];
  return ordered.map((session, place) => {
    const earlier = ordered[place + 1];
    return { ...session, gapMs: earlier ? Math.max(0, session.startMs - earlier.endMs) : null };
  });
}
