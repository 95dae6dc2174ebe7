import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, it, vi } from "vitest";
import { useAction } from "./useAction";

const said = vi.hoisted(() => ({ error: vi.fn(), success: vi.fn() }));
vi.mock("react-i18next", () => ({ useTranslation: () => ({ t: (key: string) => key }) }));
// The real messages keep timers that outlive the test.
vi.mock("antd", () => ({ App: { useApp: () => ({ message: said }) } }));

const KEY = ["thing", 1];

it("shows what is expected at once, and takes it back when it is refused", async () => {
  const queries = new QueryClient();
  queries.setQueryData(KEY, { name: "before", version: 1 });
  const inside = ({ children }: { children: ReactNode }) => <QueryClientProvider client={queries}>{children}</QueryClientProvider>;
  let answer: (worked: boolean) => void = () => undefined;
  const change = (name: string) => new Promise<string>((resolve, refuse) => { answer = (worked) => (worked ? resolve(name) : refuse(new Error("no"))); });
  const { result } = renderHook(() => useAction(change, { guess: (name) => ({ queryKey: KEY, change: (held: { version: number }) => ({ ...held, name }) }) }), { wrapper: inside });
  for (const worked of [false, true]) {
    act(() => result.current.mutate("after"));
    await waitFor(() => expect(queries.getQueryData(KEY)).toEqual({ name: "after", version: 1 }));
    await waitFor(() => expect(result.current.isPending).toBe(true));
    act(() => answer(worked));
    await waitFor(() => expect(result.current.isPending).toBe(false));
    expect(queries.getQueryData(KEY)).toEqual({ name: worked ? "after" : "before", version: 1 });
  }
  expect(said.error.mock.calls).toEqual([["errors.unreachable", 6]]);
});

it("reads again what was being read for the first time while it changed", async () => {
  const queries = new QueryClient();
  const inside = ({ children }: { children: ReactNode }) => <QueryClientProvider client={queries}>{children}</QueryClientProvider>;
  const answers: ((value: string) => void)[] = [];
  const useBoth = () => ({ read: useQuery({ queryKey: KEY, queryFn: () => new Promise<string>((resolve) => answers.push(resolve)) }), action: useAction(() => Promise.resolve(), { refresh: [KEY] }) });
  const { result } = renderHook(useBoth, { wrapper: inside });
  await waitFor(() => expect(answers).toHaveLength(1));
  act(() => result.current.action.mutate());
  await waitFor(() => expect(answers).toHaveLength(2));
  answers[1]?.("after");
  answers[0]?.("before");
  await waitFor(() => expect(result.current.read.data).toBe("after"));
});
