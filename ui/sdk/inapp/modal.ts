import type { Act, Message } from "./messages";
import { closeButton, leadOn, make, picture, place, texts } from "./parts";
import type { Words } from "./words";

/** A dialog above the page. Tab stays inside, Escape closes it, and the focus goes back to where it was. */
export function showModal(message: Message, words: Words, theme: unknown, act: (act: Act) => void): () => void {
  const [host, root] = place(theme);
  const before = document.activeElement as HTMLElement | null;
  const dialog = make("dialog", { class: "box dialog", role: "dialog", "aria-modal": "true", "aria-labelledby": message.title ? "mt" : undefined, "aria-label": message.title ? undefined : words.message, "aria-describedby": message.body ? "mb" : undefined });
  const gone = () => {
    if (!host.isConnected) return;
    host.remove();
    before?.focus?.();
  };
  const dismiss = () => {
    act("dismissed");
    gone();
  };
  const lead = leadOn(message, words, () => {
    act("clicked");
    gone();
  });
  const close = closeButton(words.close, dismiss);
  dialog.append(...[close, picture(message), texts(message, "m", "h2"), lead && make("div", { class: "acts" }, lead)].filter((each): each is HTMLElement => !!each));
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    dismiss();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      dismiss();
    }
    if (event.key !== "Tab") return;
    const stops = [close, ...(lead ? [lead] : [])];
    const here = stops.indexOf(root.activeElement as HTMLButtonElement);
    event.preventDefault();
    stops[(here + (event.shiftKey ? -1 : 1) + stops.length) % stops.length]?.focus();
  });
  // The backdrop is the dialog's own; clicks on it hit the dialog itself.
  dialog.addEventListener("click", (event) => {
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    const inside = event.clientX >= left && event.clientX <= right && event.clientY >= top && event.clientY <= bottom;
    // Enter on a button is a click without a place.
    if (event.target === dialog && event.detail && !inside) dismiss();
  });
  root.append(dialog);
  // Browsers without dialogs show it as any other element.
  if (dialog.showModal) dialog.showModal();
  else dialog.setAttribute("open", "");
  (lead || close).focus();
  act("seen");
  return gone;
}
