import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ADDRESS_DELAY_MS, useAddressed } from "./addressed";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const same = (text: string) => text;

function begin(first: string) {
  const written: string[] = [];
  const hook = renderHook(({ address }) => useAddressed(address, (text) => written.push(text), same, same), { initialProps: { address: first } });
  const change = (next: string) => act(() => hook.result.current[1](next));
  const wait = () => act(() => void vi.advanceTimersByTime(ADDRESS_DELAY_MS));
  return { written, change, wait, comes: (address: string) => hook.rerender({ address }), shown: () => hook.result.current[0] };
}

it("keeps what is written while an older address is still on its way", () => {
  const page = begin("none");
  page.change("one");
  page.wait();
  page.change("two");
  page.wait();
  page.change("three");
  expect(page.written).toEqual(["one", "two"]);
  for (const late of ["one", "two"]) {
    page.comes(late);
    expect(page.shown()).toBe("three");
  }
  page.wait();
  page.comes("three");
  expect([page.written, page.shown()]).toEqual([["one", "two", "three"], "three"]);
});

it("reads an address that was gone to, also one that it wrote before", () => {
  const page = begin("none");
  page.change("one");
  page.wait();
  page.comes("one");
  for (const address of ["elsewhere", "one"]) {
    page.comes(address);
    expect(page.shown()).toBe(address);
  }
});

it("goes on after an address that never came", () => {
  const page = begin("none");
  page.change("one");
  page.wait();
  page.change("two");
  page.wait();
  page.comes("two");
  page.comes("one");
  expect(page.shown()).toBe("one");
});
