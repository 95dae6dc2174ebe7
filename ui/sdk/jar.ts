const YEAR_SECONDS = 31536000;

/** One text that outlives the page. */
export interface Jar {
  read: () => string;
  write: (value: string) => void;
  clear: () => void;
}

/** From the widest domain that may have a cookie to this host alone. */
export function domains(host: string): string[] {
  const labels = host.split(".");
  const wide = labels.slice(1).map((_, place) => `;domain=${labels.slice(-place - 2).join(".")}`);
  return [...wide, ""];
}

/** A first-party cookie on the widest domain that the browser accepts; local storage where it takes none. */
export function openJar(name: string): Jar {
  let good: string[] = domains(location.hostname);
  const cookie = () =>
    document.cookie
      .split("; ")
      .find((pair) => pair.startsWith(`${name}=`))
      ?.slice(name.length + 1) || "";
  const put = (value: string, seconds: number, domain: string) => {
    const secure = location.protocol === "https:" ? ";secure" : "";
    document.cookie = `${name}=${value};path=/;max-age=${seconds};samesite=lax${secure}${domain}`;
  };
  return {
    read: () => cookie() || localStorage.getItem(name) || "",
    write: (value) => {
      for (const domain of good) {
        put(value, YEAR_SECONDS, domain);
        if (cookie() === value) {
          good = [domain];
          return;
        }
      }
      localStorage.setItem(name, value);
    },
    clear: () => {
      domains(location.hostname).forEach((domain) => put("", 0, domain));
      localStorage.removeItem(name);
    },
  };
}
