export interface Settings {
  /** Address of the server with a slash at its end; may have a path. */
  host: string;
  key: string;
  /** Nothing is stored or sent before consent. */
  asks: boolean;
  /** Nothing is stored in the browser at all. */
  cookieless: boolean;
  cookie: string;
  /** Which clicks are events, beside those on elements with `data-track`. */
  clicks: string;
  /** Page views are sent by themselves. */
  pages: boolean;
  /** What follows `#` is part of the page. */
  hash: boolean;
  /** The visitor's browser asks not to be tracked, and the site heeds it. */
  refused: boolean;
  debug: boolean;
  /** Messages inside the app are shown by themselves; where their inbox is, if anywhere. */
  inapp?: string;
  /** What shows them: fetched when it is needed. */
  renderer: string;
  nonce: string;
}

type Asking = Navigator & { globalPrivacyControl?: boolean };

/** What the script element says; null without a write key. */
export function readSettings(script: HTMLScriptElement): Settings | null {
  const said = script.dataset;
  const is = (name: string) => name in said && said[name] !== "false";
  const browser = navigator as Asking;
  const host = new URL(said.host ? said.host.replace(/\/*$/, "/") : ".", said.host ? location.href : script.src).href;
  return said.key
    ? {
        host,
        key: said.key,
        asks: said.consent === "required",
        cookieless: is("cookieless"),
        cookie: said.cookie || "_bihuan",
        clicks: said.clicks ? `[data-track],${said.clicks}` : "[data-track]",
        pages: said.pages !== "manual",
        hash: is("hash"),
        refused: is("dnt") && (browser.doNotTrack === "1" || !!browser.globalPrivacyControl),
        debug: is("debug"),
        inapp: said.inapp,
        renderer: `${host}bihuan-inapp.js${new URL(script.src).search}`,
        nonce: script.nonce || "",
      }
    : null;
}
