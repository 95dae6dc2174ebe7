import { expect, it } from "vitest";
import type { Channel, Kind } from "../common/types";
import { bodyOf, fieldsOf, heldOf, missingIn, NEW_SERVER, rateOf } from "./settings";

const SMTP = { kind: "smtp", medium: "email", address: "email", secrets: ["passwords"], settings: { properties: { servers: { type: "array" }, passwords: { type: "object" }, sender: { type: "string" }, hello: { type: "string", default: "" }, per_second: { type: "number", default: 0 } }, required: ["servers", "sender"] } } as unknown as Kind;
const BOT = { kind: "dingtalk", medium: "bot", address: "mention", secrets: ["access_token", "secret"], settings: { properties: { access_token: { type: "string" }, secret: { anyOf: [{ type: "string" }, { type: "null" }] }, per_second: { type: "number", default: 1 / 3 } }, required: ["access_token"] } } as unknown as Kind;

it("reads the fields of a kind off its schema", () => {
  expect(fieldsOf(BOT).map(({ name, required, secret }) => [name, required, secret])).toEqual([["access_token", true, true], ["secret", false, true]]);
  expect(fieldsOf(SMTP).map((each) => each.name)).toEqual(["sender", "hello"]);
  expect(rateOf(BOT)).toBeCloseTo(1 / 3);
});

it("sends what was typed, passwords by host, and nothing that is as it was", () => {
  const held = heldOf(SMTP, null, "Mail");
  expect(missingIn(SMTP, held, null)).toEqual(["sender", "servers"]);
  const servers = [{ ...NEW_SERVER, host: "a.example" }, { ...NEW_SERVER, host: "b.example", port: 25 }, { ...NEW_SERVER, host: "b.example" }];
  const full = { ...held, settings: { ...held.settings, servers, sender: "S <s@example.com>" }, passwords: ["one", "", "three"] };
  expect(missingIn(SMTP, full, null)).toEqual([]);
  expect(bodyOf(SMTP, full)).toMatchObject({ name: "Mail", settings: { servers, sender: "S <s@example.com>" }, secrets: { passwords: { "a.example": "one", "b.example:587": "three" } }, address_property: null });
  expect(bodyOf(SMTP, full)["settings"]).not.toHaveProperty("hello");
});

it("keeps secrets that are set and not typed again", () => {
  const channel = { name: "Chat", settings: {}, secrets: ["access_token"], address_property: null, per_second: null, cost_per_message: 0.1 } as unknown as Channel;
  const held = heldOf(BOT, channel, "");
  expect(missingIn(BOT, held, channel)).toEqual([]);
  expect(bodyOf(BOT, held)).toMatchObject({ secrets: {}, cost_per_message: 0.1 });
});
