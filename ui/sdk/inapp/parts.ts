import type { Message } from "./messages";
import { styled } from "./style";
import type { Words } from "./words";

type Child = Node | string | false | null | undefined;

/** An element with attributes and children. Text is text, whatever it looks like. */
export function make<Name extends keyof HTMLElementTagNameMap>(name: Name, attributes: Record<string, string | undefined>, ...children: Child[]): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(key, value);
  for (const child of children) if (child) element.append(child);
  return element;
}

/** A place of our own in the page, which its styles do not reach. */
export function place(theme: unknown, inside: Element = document.body): [HTMLElement, ShadowRoot] {
  const host = make("div", { "data-bihuan": "", "data-theme": theme === "dark" || theme === "light" ? theme : "auto" });
  const root = host.attachShadow({ mode: "open" });
  styled(root);
  inside.append(host);
  return [host, root];
}

/** An address that leads somewhere on the web; undefined for anything else, such as `javascript:`. */
export function webAddress(text: unknown): string | undefined {
  if (typeof text !== "string" || !text) return undefined;
  try {
    const address = new URL(text, location.href);
    return /^https?:$/.test(address.protocol) ? address.href : undefined;
  } catch {
    return undefined;
  }
}

export function closeButton(label: string, close: () => void): HTMLButtonElement {
  const button = make("button", { type: "button", class: "plain", "aria-label": label });
  button.append(icon("M5 5l10 10M15 5L5 15"));
  button.addEventListener("click", close);
  return button;
}

const SVG = "http://www.w3.org/2000/svg";

export function icon(path: string): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of [["viewBox", "0 0 20 20"], ["width", "20"], ["height", "20"], ["aria-hidden", "true"]] as const) svg.setAttribute(name, value);
  const line = document.createElementNS(SVG, "path");
  for (const [name, value] of [["d", path], ["fill", "none"], ["stroke", "currentColor"], ["stroke-width", "1.7"], ["stroke-linecap", "round"], ["stroke-linejoin", "round"]] as const) line.setAttribute(name, value);
  svg.append(line);
  return svg;
}

/** Title and text of a message; `id` is what names and describes it. */
export function texts(message: Message, id: string, heading: "h2" | "p"): HTMLElement {
  return make("div", { class: "text" }, message.title && make(heading, { class: "title", id: `${id}t` }, message.title), message.body && make("p", { class: "body", id: `${id}b` }, message.body));
}

export function picture(message: Message): HTMLElement | undefined {
  const address = webAddress(message.image);
  return address ? make("img", { src: address, alt: "", referrerpolicy: "no-referrer" }) : undefined;
}

/** What leads on from a message, if anything does. */
export function leadOn(message: Message, words: Words, clicked: () => void): HTMLElement | undefined {
  const address = webAddress(message.link);
  if (!address) return undefined;
  const link = make("a", { class: "button", href: address }, message.button || words.open);
  link.addEventListener("click", clicked);
  return link;
}
