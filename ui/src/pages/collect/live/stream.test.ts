import { describe, expect, it } from "vitest";
import { countsBySecond, emptyStream, type LiveEvent, merged, stream } from "./stream";

function event(id: string, receivedSecond = 0): LiveEvent {
  const at = new Date(receivedSecond * 1000).toISOString();
  return { event_id: id, event: "buy", time: at, received_at: at, person_id: "1", distinct_id: "a", session_id: "", source: "web", properties: {} };
}
const ids = (events: LiveEvent[]) => events.map((each) => each.event_id);

describe("merged", () => {
  it("has each event once, new ones first, and no more than asked", () => {
    expect(ids(merged([event("c"), event("b")], [event("b"), event("a")]))).toEqual(["c", "b", "a"]);
    expect(ids(merged([event("c")], [event("b"), event("a")], 2))).toEqual(["c", "b"]);
  });
});

describe("stream", () => {
  it("keeps what arrives during a pause aside, and shows it afterwards", () => {
    let state = stream(emptyStream, { kind: "arrived", events: [event("a")], second: 1 });
    state = stream(state, { kind: "pause", paused: true });
    state = stream(state, { kind: "arrived", events: [event("b", 1), event("c", 2)], second: 2 });
    expect(ids(state.shown)).toEqual(["a"]);
    expect(ids(state.waiting)).toEqual(["c", "b"]);
    state = stream(state, { kind: "pause", paused: false });
    expect(ids(state.shown)).toEqual(["c", "b", "a"]);
    expect(state.waiting).toEqual([]);
  });

  it("forgets arrivals that are older than the minute it shows", () => {
    let state = stream(emptyStream, { kind: "arrived", events: [event("a")], second: 100 });
    state = stream(state, { kind: "arrived", events: [event("b")], second: 161 });
    expect(state.arrivals).toEqual([{ second: 161, count: 1 }]);
  });
});

describe("countsBySecond", () => {
  it("puts each second in its place and leaves out what is older", () => {
    const arrivals = [
      { second: 7, count: 4 },
      { second: 9, count: 1 },
      { second: 10, count: 2 },
      { second: 10, count: 3 },
    ];
    expect(countsBySecond(arrivals, 10, 3)).toEqual([0, 1, 5]);
  });
});
