import { address } from "./context";

/** Runs what may fail; the page hears nothing of it. */
export type Guard = (work: () => void) => void;

// Long enough for a page to name itself after its address has changed, and for redirects.
const SETTLE_MS = 100;

export interface Pages {
  /** Tell now of a view that waits for its title. */
  settle: () => void;
}

/** Tells of each address that the page takes, beginning with the present one. */
export function watchPages(hash: boolean, guard: Guard, tell: (before: string) => void): Pages {
  let seen = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  const settle = (again?: boolean) => {
    clearTimeout(timer);
    const before = seen;
    seen = address(hash);
    if (again || seen !== before) tell(before);
  };
  const moved = () => {
    clearTimeout(timer);
    timer = setTimeout(() => guard(() => settle()), SETTLE_MS);
  };
  for (const name of ["pushState", "replaceState"] as const) {
    const original = history[name];
    history[name] = function (this: History, ...given: Parameters<History["pushState"]>) {
      original.apply(this, given);
      moved();
    };
  }
  addEventListener("popstate", moved);
  addEventListener("hashchange", moved);
  addEventListener("pageshow", (event) => {
    // Taken from the browser's memory by "back": seen again.
    if (event.persisted) guard(() => settle(true));
  });
  guard(() => settle());
  return { settle: () => settle() };
}
