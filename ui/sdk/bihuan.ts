import { start } from "./client";
import { readSettings } from "./settings";

type Call = ArrayLike<unknown>;

// The script element is known only while the script runs for the first time.
const script = (document.currentScript || document.querySelector("script[data-key]")) as HTMLScriptElement | null;
const page = window as Window & { bihuan?: unknown };

const begin = () => {
  try {
    const early = page.bihuan;
    // There already: the page has the script twice.
    if (early && !Array.isArray(early)) return;
    const settings = script && readSettings(script);
    if (settings) page.bihuan = start(settings, (early as Call[] | undefined) || []);
  } catch {
    // What goes wrong here never reaches the page.
  }
};

// A page that the browser loads ahead is not seen yet, and may never be.
if ((document as Document & { prerendering?: boolean }).prerendering) {
  document.addEventListener("prerenderingchange", begin, { once: true });
} else begin();
