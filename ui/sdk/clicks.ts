import type { Properties } from "./client";
import type { Guard } from "./pages";

const MAX_TEXT = 100;
// What a visitor types or picks is never read.
const FIELDS = "input,textarea,select,option,[contenteditable]";

/** The event of a click on `element`: its name and properties. */
export function describeClick(element: Element): [string, Properties] {
  const properties: Properties = { tag: element.tagName.toLowerCase() };
  if (element.id) properties.element_id = element.id;
  if (!element.closest(FIELDS) && !element.querySelector(FIELDS)) {
    const text = (element.textContent || "").replace(/\s+/g, " ").trim().slice(0, MAX_TEXT);
    if (text) properties.text = text;
  }
  const { href } = element as HTMLAnchorElement;
  // Others, such as mailto: and tel:, name people.
  if (/^https?:/.test(href)) properties.href = href;
  for (const { name, value } of Array.from(element.attributes)) {
    if (name.startsWith("data-track-")) properties[name.slice(11).replace(/-/g, "_")] = value;
  }
  return [element.getAttribute("data-track") || "$click", properties];
}

/** Tells of clicks on what `selector` finds, or inside it. */
export function watchClicks(
  selector: string,
  guard: Guard,
  tell: (name: string, properties: Properties) => void,
): void {
  const clicked = (event: Event) =>
    guard(() => {
      const target = event.composedPath()[0];
      const element = target instanceof Element && target.closest(selector);
      if (element) tell(...describeClick(element));
    });
  addEventListener("click", clicked, true);
}
