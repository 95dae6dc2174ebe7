import { device } from "./context";
import { uuid } from "./ids";

const MAX_EVENTS = 1000;
const MAX_CHARACTERS = 500000;
const BATCH_EVENTS = 100;
// What browsers let a page send while it closes is 64 KiB.
const BATCH_BYTES = 60000;
const WAIT_MS = 1000;
const MAX_WAIT_MS = 300000;
const MAX_RETRY_AFTER_MS = 3600000;

/** Events as JSON texts that wait to be sent. What is stored outlives the page until it is acknowledged. */
export interface Queue {
  add: (item: string) => void;
  /** Send now, as far as the server's wish to be left alone allows. */
  flush: () => void;
  /** The same where the page may end at any moment. */
  leave: () => void;
  /** The network is back. */
  retry: () => void;
  forget: () => void;
}

export function bytes(text: string): number {
  return new Blob([text]).size;
}

/** As many of the first items as fit into one request, and at least one. */
export function firstBatch(items: readonly string[]): string[] {
  let size = 0;
  const end = items.findIndex((item, place) => {
    size += bytes(item) + 1;
    return place > 0 && (size > BATCH_BYTES || place >= BATCH_EVENTS);
  });
  return items.slice(0, end < 0 ? items.length : end);
}

/** Milliseconds of a Retry-After header, in seconds or as a date. */
export function retryAfterMs(header: string | null, now: number): number {
  const wait = header ? (+header >= 0 ? +header * 1000 : Date.parse(header) - now) : 0;
  return Math.min(Math.max(wait || 0, 0), MAX_RETRY_AFTER_MS);
}

/**
 * @param open whether anything may be stored and sent now
 * @param stores whether the browser may keep what waits
 */
export function openQueue(host: string, key: string, open: () => boolean, stores: boolean): Queue {
  const url = `${host}v1/batch`;
  const shelf = `bihuan_${key}_`;
  const own = shelf + uuid();
  let items: string[] = [];
  let flying: string[] = [];
  let failures = 0;
  let notBefore = 0;
  let adopted = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const shelves = () => Object.keys(localStorage).filter((name) => name.startsWith(shelf));
  const keep = () => {
    while (items.length > MAX_EVENTS || items.join().length > MAX_CHARACTERS) items.shift();
    if (!stores || !open()) return;
    try {
      if (items.length) localStorage.setItem(own, items.join("\n"));
      else localStorage.removeItem(own);
    } catch {
      // Storage is full or forbidden: what waits is in memory.
    }
  };
  // Of pages that ended with unsent events. One may be alive in another tab: then both send, and an event
  // counts once by its id.
  const adopt = () => {
    adopted = true;
    try {
      for (const name of shelves()) {
        if (name === own) continue;
        items.unshift(...(localStorage.getItem(name) || "").split("\n").filter(Boolean));
        localStorage.removeItem(name);
      }
      keep();
    } catch {
      // Storage is forbidden.
    }
  };
  const drop = (sent: string[]) => {
    items = items.filter((item) => !sent.includes(item));
    keep();
  };
  const body = (batch: string[]) => {
    const about = JSON.stringify({ writeKey: key, sentAt: new Date(), context: device() });
    return `${about.slice(0, -1)},"batch":[${batch.join()}]}`;
  };
  const failed = (wait: number) => {
    const backOff = Math.min(WAIT_MS * 2 ** failures++, MAX_WAIT_MS) * (1 + Math.random());
    notBefore = Date.now() + Math.max(backOff, wait);
  };
  const answered = (answer: Response, batch: string[]) => {
    // 400 and 413: it will never be taken.
    if (answer.ok || answer.status === 400 || answer.status === 413) {
      drop(batch);
      failures = 0;
    } else failed(retryAfterMs(answer.headers.get("retry-after"), Date.now()));
  };
  const plan = () => {
    if (!timer && items.length) timer = setTimeout(flush, Math.max(WAIT_MS, notBefore - Date.now()));
  };
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (!open() || flying.length) return;
    if (Date.now() < notBefore) return plan();
    if (stores && !adopted) adopt();
    if (!items.length) return;
    const batch = (flying = firstBatch(items));
    const text = body(batch);
    const keepalive = bytes(text) < BATCH_BYTES * 1.05;
    // Also what a page put in the place of fetch may throw.
    new Promise<Response>((resolve) => resolve(fetch(url, { method: "POST", body: text, credentials: "omit", keepalive })))
      .then((answer) => answered(answer, batch))
      .catch(() => failed(0))
      .then(() => {
        flying = [];
        plan();
      });
  };
  timer = setTimeout(flush, WAIT_MS);
  return {
    add: (item) => {
      items.push(item);
      keep();
      if (open() && !flying.length) plan();
    },
    flush,
    leave: () => {
      // A beacon tells nobody whether it arrived: where sending has just failed, the next page does it.
      if (!open() || navigator.onLine === false || (stores ? failures : Date.now() < notBefore)) return;
      for (;;) {
        const batch = firstBatch(items.filter((item) => !flying.includes(item)));
        if (!batch.length || !navigator.sendBeacon(url, body(batch))) return;
        drop(batch);
      }
    },
    retry: () => {
      notBefore = failures = 0;
      adopted = false;
      flush();
    },
    forget: () => {
      items = [];
      try {
        shelves().forEach((name) => localStorage.removeItem(name));
      } catch {
        // Storage is forbidden: nothing is there.
      }
    },
  };
}
