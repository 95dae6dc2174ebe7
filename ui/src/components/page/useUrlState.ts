import { useCallback } from "react";
import { useSearchParams } from "react-router";

type Change = Record<string, string | readonly string[] | null | undefined>;

/** The state of a view, kept in the address so that a link shows the same thing. */
export function useUrlState() {
  const [search, setSearch] = useSearchParams();
  const change = useCallback(
    (changes: Change) => {
      // Of two changes at once, what is drawn has not seen the first.
      const after = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries(changes)) {
        after.delete(name);
        const values = value === null || value === undefined ? [] : typeof value === "string" ? [value] : value;
        for (const each of values) if (each !== "") after.append(name, each);
      }
      setSearch(after, { replace: true });
    },
    [setSearch],
  );
  return { get: (name: string) => search.get(name) ?? "", all: (name: string) => search.getAll(name), change };
}
