import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";

interface Page<Item> {
  items: Item[];
  next_cursor?: string | null;
}

/** A list that is read page by page. */
export function usePages<Item>(key: readonly unknown[], read: (cursor: string | undefined) => Promise<Page<Item>>, enabled = true) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    enabled,
  });
  const pages = query.data?.pages;
  const items = useMemo(() => pages?.flatMap((page) => page.items) ?? [], [pages]);
  return { ...query, items };
}
