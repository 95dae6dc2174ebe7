import { describe, expect, it } from "vitest";
import { masked, SDKS } from "./snippets";

const HOST = "https://data.example.com";
const KEY = "wk_0123456789";
const all = SDKS.flatMap((sdk) => sdk.snippets.map((snippet) => ({ name: `${sdk.title} ${snippet.where}`, protocol: sdk.protocol, code: snippet.code(HOST, KEY) })));

describe("snippets", () => {
  it.each(all)("$name has the address and the key", ({ code }) => {
    expect(code).toContain(HOST);
    expect(code).toContain(KEY);
  });

  it.each(all.filter((each) => each.protocol !== null && each.protocol !== "segment"))("$name sends to its protocol", ({ protocol, code }) => {
    expect(code).toContain(`${HOST}/in/${protocol}`);
  });

  it("has each SDK once", () => {
    const keys = SDKS.map((each) => each.key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe("masked", () => {
  it("shows the ends of a key only", () => {
    expect(masked(KEY)).toBe("wk_0••••••••6789");
    expect(masked("short")).toBe("••••");
  });
});
