import { expect, test } from "vitest";
import { bodyOf, FRESH_SYNC, isReady, stateOf } from "./types";

const webhook = { ...FRESH_SYNC, name: " CRM ", subject_id: "a", url: " https://crm.example/hook " };

test("a webhook has a URL and no rhythm, files the other way round", () => {
  expect(bodyOf(webhook, true)).toMatchObject({ name: "CRM", kind: "webhook", url: "https://crm.example/hook", subject_id: "a", value: null });
  expect(bodyOf(webhook, true)).not.toHaveProperty("every");
  const files = bodyOf({ ...webhook, kind: "files", every: "hourly" }, true);
  expect(files).toMatchObject({ kind: "files", every: "hourly" });
  expect(files).not.toHaveProperty("url");
});

test("what a sync is of stays as it is changed", () => {
  expect(Object.keys(bodyOf(webhook, false)).sort()).toEqual(["keep_days", "name", "properties", "unmask", "url"]);
});

test("a tag is sent with a value, a webhook with a URL", () => {
  expect(isReady(webhook, false)).toBe(true);
  expect(isReady(webhook, true)).toBe(false);
  expect(isReady({ ...webhook, value: "gold" }, true)).toBe(true);
  expect(isReady({ ...webhook, url: " " }, false)).toBe(false);
  expect(isReady({ ...webhook, url: "", kind: "files" }, false)).toBe(true);
});

test("one with an error that still runs is trying again", () => {
  const error = { code: "delivery_failed", en: "", zh: "", at: "" };
  expect(stateOf({ enabled: true, error: null })).toBe("on");
  expect(stateOf({ enabled: true, error })).toBe("retrying");
  expect(stateOf({ enabled: false, error })).toBe("off");
});
