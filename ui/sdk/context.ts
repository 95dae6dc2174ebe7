export const LIBRARY = { name: "bihuan.js", version: "1.0.0" };

const CAMPAIGN = ["source", "medium", "term", "content"] as const;

export interface Page {
  url: string;
  path: string;
  title: string;
  referrer: string;
}

/** Address of the page; what follows `#` belongs to it only where the site says so. */
export function address(hash: boolean): string {
  return hash ? location.href : location.href.replace(/#.*/, "");
}

export function describePage(hash: boolean, referrer: string): Page {
  const path = location.pathname + (hash ? location.hash : "");
  return { url: address(hash), path, title: document.title, referrer };
}

/** The UTM parameters of the address, also of one behind `#`, as Segment names them. */
export function campaign(search: string, hash: string): Record<string, string> | undefined {
  const said = new URLSearchParams(`${search}&${hash.split("?")[1] || ""}`);
  const found: Record<string, string> = {};
  const take = (name: string, from: string) => {
    const value = said.get(`utm_${from}`);
    if (value) found[name] = value;
  };
  take("name", "campaign");
  CAMPAIGN.forEach((name) => take(name, name));
  return Object.keys(found).length ? found : undefined;
}

/** What holds for every event of the browser. */
export function device() {
  return {
    locale: navigator.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    screen: { width: screen.width, height: screen.height },
    userAgent: navigator.userAgent,
    library: LIBRARY,
  };
}
