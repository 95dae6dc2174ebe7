import type { Act, Message } from "./messages";
import { closeButton, icon, make, place, webAddress } from "./parts";
import type { Words } from "./words";

const BELL = "M10 3a5 5 0 0 0-5 5v3l-1.5 3h13L15 11V8a5 5 0 0 0-5-5zM8 16.5a2 2 0 0 0 4 0";

export interface Inbox {
  show: (messages: Message[]) => void;
}

/** A bell with the number of unread messages, and the messages below it. */
export function openInbox(inside: Element, words: Words, theme: unknown, act: (act: Act, messages: Message[]) => void): Inbox {
  const [host, root] = place(theme, inside);
  let messages: Message[] = [];
  let panel: HTMLElement | null = null;
  const count = make("span", { class: "count", "aria-hidden": "true" });
  const bell = make("button", { type: "button", class: "plain bell", "aria-haspopup": "dialog", "aria-expanded": "false" });
  bell.append(icon(BELL), count);
  const whole = make("div", { class: "inbox" }, bell);
  root.append(whole);

  const label = () => {
    const unread = messages.filter((each) => each.seen_ms === null).length;
    count.hidden = !unread;
    count.textContent = unread > 99 ? "99+" : String(unread);
    bell.setAttribute("aria-label", unread ? words.unread(unread) : words.inbox);
  };
  const close = (refocus: boolean) => {
    panel?.remove();
    panel = null;
    bell.setAttribute("aria-expanded", "false");
    if (refocus) bell.focus();
  };
  const item = (message: Message) => {
    const address = webAddress(message.link);
    const title = make(address ? "a" : "p", { class: "title", href: address }, message.title || message.body.slice(0, 60) || words.message);
    if (address) title.addEventListener("click", () => act("clicked", [message]));
    const at = new Date(message.created_ms);
    const row = make(
      "li",
      { class: message.seen_ms === null ? "new" : "" },
      make("div", { class: "text" }, title, message.body && make("p", { class: "body" }, message.body), make("time", { datetime: at.toISOString() }, at.toLocaleString(document.documentElement.lang || undefined))),
      closeButton(words.remove(message.title), () => {
        act("dismissed", [message]);
        messages = messages.filter((each) => each !== message);
        fill();
        label();
        panel?.focus();
      }),
    );
    return row;
  };
  const fill = () => {
    panel?.replaceChildren(messages.length ? make("ul", {}, ...messages.map(item)) : make("p", { class: "none" }, words.none));
  };
  const open = () => {
    panel = make("div", { class: "box panel", role: "dialog", "aria-label": words.inbox, tabindex: "-1" });
    if (host.getBoundingClientRect().right < 380) panel.classList.add("start");
    fill();
    whole.append(panel);
    bell.setAttribute("aria-expanded", "true");
    panel.focus();
    const fresh = messages.filter((each) => each.seen_ms === null);
    act("seen", fresh);
    label();
  };
  bell.addEventListener("click", () => (panel ? close(true) : open()));
  whole.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !panel) return;
    event.stopPropagation();
    close(true);
  });
  document.addEventListener("click", (event) => {
    if (panel && !event.composedPath().includes(host)) close(false);
  });
  label();
  return {
    show: (next) => {
      messages = next;
      label();
      if (panel) fill();
    },
  };
}
