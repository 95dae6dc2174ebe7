import type { Act, Message } from "./messages";
import { closeButton, leadOn, make, picture, place, texts } from "./parts";
import type { Words } from "./words";

/** A strip at the foot of the page, which does not keep anybody from the page. */
export function showBanner(message: Message, words: Words, theme: unknown, act: (act: Act) => void): () => void {
  const [host, root] = place(theme);
  const gone = () => host.remove();
  const dismiss = () => {
    act("dismissed");
    gone();
  };
  const box = make("section", { class: "box banner", "aria-label": message.title || words.message });
  // What comes later is read out; what is there from the start is not.
  const live = make("div", { role: "status", class: "text" });
  root.append(box);
  const image = picture(message);
  const lead = leadOn(message, words, () => {
    act("clicked");
    gone();
  });
  if (image) box.append(image);
  box.append(live, ...(lead ? [lead] : []), closeButton(words.close, dismiss));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") dismiss();
  });
  live.append(texts(message, "m", "p"));
  act("seen");
  return gone;
}
