import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { bytes, firstBatch, openQueue, retryAfterMs } from "./queue";

describe("what fits into one request", () => {
  it("is measured in bytes, since texts in Chinese have three a character", () => {
    const item = JSON.stringify("字".repeat(10_000));
    expect(firstBatch([item, item, item])).toHaveLength(1);
    expect(bytes(item)).toBe(30_002);
  });

  it("is at least one event, whatever its size", () => {
    expect(firstBatch(["x".repeat(200_000), "y"])).toEqual(["x".repeat(200_000)]);
    expect(firstBatch([])).toEqual([]);
  });

  it("is a hundred events at most", () => {
    expect(firstBatch(Array<string>(250).fill("{}"))).toHaveLength(100);
  });
});

describe("the time that a server asks for", () => {
  const now = Date.parse("2026-11-22T00:00:00Z");

  it.each([
    ["7", 7_000],
    ["0", 0],
    ["Sun, 22 Nov 2026 00:00:30 GMT", 30_000],
    ["Sat, 21 Nov 2026 00:00:30 GMT", 0],
    ["soon", 0],
    ["999999", 3_600_000],
    [null, 0],
  ])("%s", (header, wait) => {
    expect(retryAfterMs(header, now)).toBe(wait);
  });
});

describe("the queue", () => {
  const answer = (status: number, headers = {}) => Promise.resolve(new Response(null, { status, headers }));
  const sent = vi.fn<(url: string, request: RequestInit) => Promise<Response>>();
  let open = true;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("fetch", sent);
    sent.mockReset().mockImplementation(() => answer(200));
    localStorage.clear();
    open = true;
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const queue = () => openQueue("https://host/", "wk_1", () => open, true);
  const batches = () =>
    sent.mock.calls.map(([, request]) => (JSON.parse(String(request.body)) as { batch: unknown[] }).batch.length);

  it("gathers the events of a second, and keeps them until they are acknowledged", async () => {
    const waiting = queue();
    waiting.add("1");
    await vi.advanceTimersByTimeAsync(500);
    waiting.add("2");
    expect(Object.values({ ...localStorage })).toEqual(["1\n2"]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(batches()).toEqual([2]);
    expect(localStorage).toHaveLength(0);
  });

  it("waits longer after each refusal", async () => {
    sent.mockImplementation(() => answer(503));
    queue().add("1");
    await vi.advanceTimersByTimeAsync(600_000);
    const tries = sent.mock.calls.length;
    expect(tries).toBeGreaterThan(6);
    expect(tries).toBeLessThan(12);
    expect(localStorage).toHaveLength(1);
  });

  it("gives up what will never be taken, and only that", async () => {
    sent.mockImplementationOnce(() => answer(413)).mockImplementationOnce(() => answer(401));
    const waiting = queue();
    waiting.add(`"${"x".repeat(70_000)}"`);
    waiting.add("2");
    await vi.advanceTimersByTimeAsync(30_000);
    expect(batches()).toEqual([1, 1, 1]);
    expect(String(sent.mock.calls[2]?.[1].body)).toContain('"batch":[2]');
  });

  it("is bounded: the oldest go first", () => {
    const waiting = queue();
    for (let n = 0; n < 1_100; n++) waiting.add(String(n));
    const [stored] = Object.values({ ...localStorage }) as string[];
    expect(stored?.split("\n")).toHaveLength(1_000);
    expect(stored?.startsWith("100\n")).toBe(true);
  });

  it("stores and sends nothing while it is not open, and forgets", async () => {
    open = false;
    const waiting = queue();
    waiting.add("1");
    await vi.advanceTimersByTimeAsync(60_000);
    waiting.leave();
    expect(localStorage).toHaveLength(0);
    waiting.forget();
    open = true;
    waiting.flush();
    expect(sent).not.toHaveBeenCalled();
  });

  it("survives a page that put something broken in the place of fetch", async () => {
    sent.mockImplementationOnce(() => {
      throw new Error("broken");
    });
    queue().add("1");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(batches()).toEqual([1, 1]);
    expect(localStorage).toHaveLength(0);
  });
});
