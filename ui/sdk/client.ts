import { watchClicks } from "./clicks";
import { campaign, describePage } from "./context";
import { uuid } from "./ids";
import { openJar } from "./jar";
import { watchPages } from "./pages";
import { openQueue } from "./queue";
import type { Settings } from "./settings";
import { recall, remember, touch, unknown } from "./visitor";

export type Properties = Record<string, unknown>;

/** What shows messages inside the app, and what the site wants of it: see `inapp/`. */
export type InApp = ((options?: Properties) => void) & { calls: unknown[][]; who: () => [string, string, string | false | undefined] };

export interface Client {
  track: (event: string, properties?: Properties) => void;
  page: (name?: string | Properties, properties?: Properties) => void;
  identify: (userId: string | number | Properties, traits?: Properties) => void;
  group: (groupId: string | number, traits?: Properties) => void;
  alias: (userId: string | number, previousId?: string | number) => void;
  /** Somebody else from now on, whom nobody knows. */
  reset: () => void;
  consent: (given: boolean) => void;
  flush: () => void;
  anonymousId: () => string | undefined;
  /** Show messages inside the app. */
  inApp: (options?: Properties) => void;
  /** Calls as lists: the name of the method and what it is given. */
  push: (...calls: ArrayLike<unknown>[]) => void;
}

type Fields = Record<string, unknown>;

const text = (value: unknown) => (value == null ? "" : String(value));

/** Watches the page and sends, as the settings say. `early`: calls made before the script was there. */
export function start(settings: Settings, early: ArrayLike<unknown>[]): Client {
  const { asks, clicks, cookieless, hash, host, key } = settings;
  const jar = openJar(settings.cookie);
  let visitor = unknown();
  let referrer = document.referrer;

  const guard = (work: () => void) => {
    try {
      work();
    } catch (fault) {
      if (settings.debug) console.warn("bihuan", fault);
    }
  };
  const refused = () => settings.refused || visitor.consent === "0";
  const open = () => !refused() && (!asks || visitor.consent === "1");
  const load = () => {
    if (!cookieless) guard(() => (visitor = recall(jar) || visitor));
  };
  const save = () => {
    if (!cookieless && open()) guard(() => remember(jar, visitor));
  };
  load();
  const queue = openQueue(host, key, open, !cookieless);

  const send = (type: string, fields: Fields) => {
    if (refused()) return;
    if (settings.debug) console.log("bihuan", type, fields);
    // Without cookie and name there is nobody of whom traits could be kept.
    if (cookieless && !visitor.userId && type !== "page" && type !== "track") return;
    load();
    const now = Date.now();
    touch(visitor, now);
    save();
    const { anonymousId, userId, groupId, sessionId } = visitor;
    const message = {
      type,
      messageId: uuid(),
      timestamp: new Date(now).toISOString(),
      // Without an id the server tells visitors apart for a day.
      cookieless: cookieless || undefined,
      anonymousId: cookieless ? undefined : anonymousId,
      userId: userId || undefined,
      ...fields,
      context: {
        page: describePage(hash, referrer),
        campaign: campaign(location.search, location.hash),
        sessionId: cookieless ? undefined : sessionId,
        groupId: groupId || undefined,
      },
    };
    queue.add(JSON.stringify(message));
  };
  const forget = () => {
    queue.forget();
    guard(() => jar.clear());
    visitor = unknown();
  };

  let settle = () => {};
  const verbs = {
    track: (event: string, properties?: Properties) => {
      settle();
      if (event) send("track", { event: text(event), properties });
    },
    page: (name?: string | Properties, properties?: Properties) => {
      if (typeof name === "object") send("page", { properties: name });
      else send("page", { name, properties });
    },
    identify: (userId: string | number | Properties, traits?: Properties) => {
      settle();
      load();
      if (typeof userId === "object") traits = userId;
      else if (text(userId)) {
        // Two people at one browser stay two.
        if (visitor.userId && visitor.userId !== text(userId)) verbs.reset();
        visitor.userId = text(userId);
        save();
      }
      send("identify", { traits });
    },
    group: (groupId: string | number, traits?: Properties) => {
      settle();
      load();
      visitor.groupId = text(groupId);
      save();
      if (visitor.groupId) send("group", { groupId: visitor.groupId, traits });
    },
    alias: (userId: string | number, previousId?: string | number) => {
      load();
      const from = text(previousId) || visitor.userId || visitor.anonymousId;
      if (text(userId)) send("alias", { userId: text(userId), previousId: from, anonymousId: undefined });
    },
    reset: () => {
      load();
      visitor = { ...unknown(), consent: visitor.consent };
      save();
    },
    consent: (given: boolean) => {
      if (given) {
        load();
        visitor.consent = "1";
        save();
        queue.flush();
      } else {
        forget();
        visitor.consent = "0";
        // Where nobody has to be asked, a refusal has to be remembered.
        if (!asks && !cookieless) jar.write("|||||0");
      }
    },
    flush: () => queue.flush(),
  };

  const inApp = ((...given: unknown[]) => {
    if (inApp.calls.push(given) > 1) return;
    const element = document.createElement("script");
    element.src = settings.renderer;
    element.nonce = settings.nonce;
    document.head.append(element);
  }) as InApp;
  inApp.calls = [];
  inApp.who = () => [host, key, open() && (visitor.userId || (!cookieless && visitor.anonymousId))];

  const client = {
    inApp,
    ...Object.fromEntries(
      Object.entries(verbs).map(([name, verb]) => [
        name,
        (...given: unknown[]) => guard(() => (verb as (...given: unknown[]) => void)(...given)),
      ]),
    ),
    anonymousId: () => (cookieless || !open() ? undefined : visitor.anonymousId),
    push: (...calls: ArrayLike<unknown>[]) =>
      calls.forEach((call) =>
        guard(() => {
          const [name, ...given] = Array.from(call);
          (client as unknown as Record<string, (...given: unknown[]) => void>)[name as string]?.(...given);
        }),
      ),
  } as unknown as Client;

  if (settings.inapp != null) inApp({ inbox: settings.inapp });
  const isConsent = (call: ArrayLike<unknown>) => call[0] === "consent";
  client.push(...early.filter(isConsent));
  if (settings.pages) {
    const pages = watchPages(hash, guard, (before) => {
      if (before) referrer = before;
      client.page();
    });
    settle = pages.settle;
  }
  client.push(...early.filter((call) => !isConsent(call)));
  watchClicks(clicks, guard, client.track);
  const leave = () =>
    guard(() => {
      settle();
      queue.leave();
    });
  addEventListener("pagehide", leave);
  addEventListener("online", () => guard(queue.retry));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leave();
  });
  return client;
}
