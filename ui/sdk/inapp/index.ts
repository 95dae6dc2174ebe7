import type { InApp } from "../client";
import { showBanner } from "./banner";
import { type Inbox, openInbox } from "./inbox";
import { type Act, fetchMessages, type Message, tell, type Who } from "./messages";
import { showModal } from "./modal";
import { wordsOf } from "./words";

/** What the site wants; everything may be left out. */
interface Options {
  /** HMAC of the person's id, where the project asks for it. */
  signature?: string;
  /** Where the bell is: an element or its selector. */
  inbox?: string | Element;
  /** Banners and modals are shown; false where the site shows messages itself. */
  show?: boolean;
  /** So many at most on a page view. */
  most?: number;
  /** In place of ours, for messages of which it returns true. */
  render?: (message: Message, act: (act: Act) => void) => unknown;
  /** Told of all messages whenever they were fetched. */
  onMessages?: (messages: Message[], act: (act: Act, ids: string[]) => void) => void;
  language?: string;
  theme?: "auto" | "light" | "dark";
}

type Verb = (...given: unknown[]) => void;
interface Page {
  inApp: InApp;
  [verb: string]: unknown;
}

const EVERY_MS = 60_000;

/** Shows messages from now on: what is there, and what comes on later page views. */
function start(client: Page, who: () => Who, options: Options): void {
  const words = wordsOf(options.language);
  const most = options.most ?? 1;
  let inbox: Inbox | null = null;
  let shown = 0;
  let close: (() => void) | null = null;
  let fetched = 0;
  let turn = 0;
  const done = new Set<string>();

  const act = (name: Act, messages: Message[]) => {
    const fresh = messages.filter((each) => name !== "seen" || each.seen_ms === null);
    for (const each of fresh) {
      each.seen_ms ??= Date.now();
      done.add(each.id);
    }
    tell(who(), options.signature, name, fresh.map((each) => each.id));
  };
  const show = (messages: Message[]) => {
    if (options.show === false) return;
    for (const message of messages) {
      if (shown >= most || message.seen_ms !== null || done.has(message.id)) continue;
      const mine = (name: Act) => act(name, [message]);
      if (options.render?.(message, mine)) shown += 1;
      else if (message.form === "banner" || message.form === "modal") {
        shown += 1;
        close = (message.form === "modal" ? showModal : showBanner)(message, words, options.theme, mine);
      } else continue;
      done.add(message.id);
    }
  };
  const look = () => {
    const mine = ++turn;
    fetched = Date.now();
    fetchMessages(who(), options.signature)
      .then((messages) => {
        // Somebody else may be here by now.
        if (mine !== turn) return;
        const place = typeof options.inbox === "string" ? options.inbox && document.querySelector(options.inbox) : options.inbox;
        if (!inbox && place) inbox = openInbox(place, words, options.theme, act);
        const byId = (name: Act, ids: string[]) => act(name, messages.filter((each) => ids.includes(each.id)));
        options.onMessages?.(messages, byId);
        inbox?.show(messages);
        show(messages);
      })
      .catch(() => undefined);
  };
  const then = (verb: string, work: () => void) => {
    const original = client[verb] as Verb;
    client[verb] = (...given: unknown[]) => {
      original(...given);
      work();
    };
  };
  // A view of another page may show the next one; another person has other messages.
  then("page", () => {
    shown = 0;
    look();
  });
  for (const verb of ["identify", "reset", "consent"]) {
    then(verb, () => {
      close?.();
      look();
    });
  }
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && Date.now() - fetched > EVERY_MS) look();
  });
  look();
}

const client = (window as unknown as { bihuan?: Page }).bihuan;
if (client?.inApp) {
  const { calls, who } = client.inApp;
  let begun = false;
  const inApp = ((options: Options = {}) => {
    try {
      if (!begun) start(client, who, options);
      begun = true;
    } catch {
      // What goes wrong here never reaches the page.
    }
  }) as InApp;
  // The last that was said before this was here holds: what the site says goes before what an attribute says.
  const said = Object.assign({}, ...calls.map(([options]) => options)) as Record<string, unknown>;
  client.inApp = Object.assign(inApp, { calls, who });
  client.inApp(said);
}
