import type { QueryClient, QueryKey } from "@tanstack/react-query";

/** Has what begins with these keys read again, also what is just being read: that answer may be from before a change. */
export async function readAgain(queries: QueryClient, ...keys: readonly QueryKey[]): Promise<void> {
  await Promise.all(
    keys.map(async (queryKey) => {
      await queries.cancelQueries({ queryKey });
      await queries.invalidateQueries({ queryKey });
    }),
  );
}
