import { describe, expect, it } from "vitest";

import { describeClick } from "./clicks";
import { campaign } from "./context";
import { uuid } from "./ids";
import { domains } from "./jar";
import { readSettings } from "./settings";
import { recall, remember, touch, unknown } from "./visitor";

function script(attributes: string): HTMLScriptElement {
  document.body.innerHTML = `<script type="text/plain" src="https://data.example/in/it/bihuan.js?v=1" ${attributes}></script>`;
  return document.querySelector("script") as HTMLScriptElement;
}

describe("settings", () => {
  it("take the host from the script's own address, with its path", () => {
    expect(readSettings(script('data-key="wk_1"'))).toMatchObject({
      host: "https://data.example/in/it/",
      key: "wk_1",
      asks: false,
      cookieless: false,
      cookie: "_bihuan",
      clicks: "[data-track]",
      pages: true,
    });
  });

  it("take another host, with or without a slash at its end", () => {
    expect(readSettings(script('data-key="k" data-host="https://b.example/x"'))?.host).toBe("https://b.example/x/");
    expect(readSettings(script('data-key="k" data-host="https://b.example/"'))?.host).toBe("https://b.example/");
  });

  it("are none without a key; an option may be switched off by its value", () => {
    expect(readSettings(script(""))).toBeNull();
    expect(readSettings(script('data-key="k" data-hash="false" data-cookieless'))).toMatchObject({
      hash: false,
      cookieless: true,
    });
  });
});

describe("domains for the cookie", () => {
  it("go from the widest to the host alone", () => {
    expect(domains("a.b.shop.com")).toEqual([";domain=shop.com", ";domain=b.shop.com", ";domain=a.b.shop.com", ""]);
    expect(domains("localhost")).toEqual([""]);
  });
});

describe("the campaign", () => {
  it("is read from the address and from one behind #", () => {
    expect(campaign("?utm_source=a&utm_campaign=b", "")).toEqual({ source: "a", name: "b" });
    expect(campaign("?x=1", "#/page?utm_medium=cpc")).toEqual({ medium: "cpc" });
    expect(campaign("", "#part")).toBeUndefined();
  });
});

describe("a visitor", () => {
  it("is remembered whatever the ids hold", () => {
    let held = "";
    const jar = { read: () => held, write: (value: string) => void (held = value), clear: () => void (held = "") };
    const visitor = { ...unknown(), userId: "王|五; ok=1", groupId: "g", sessionId: "s", seen: 12, consent: "1" };
    remember(jar, visitor);
    expect(held).not.toMatch(/[; ]/);
    expect(recall(jar)).toEqual(visitor);
    held = "";
    expect(recall(jar)).toBeNull();
  });

  it("has a new session after half an hour of nothing", () => {
    const visitor = unknown();
    touch(visitor, 1_000);
    const first = visitor.sessionId;
    touch(visitor, 1_801_000);
    expect(visitor.sessionId).toBe(first);
    touch(visitor, 3_601_001);
    expect(visitor.sessionId).not.toBe(first);
  });

  it("has a random UUID of version 4", () => {
    const ids = new Set(Array.from({ length: 500 }, uuid));
    expect(ids.size).toBe(500);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe("a click", () => {
  it("never has the text of what holds a field", () => {
    document.body.innerHTML = "<div id=a>Address <textarea>Main Street 1</textarea></div><p id=b>  Two \n words</p>";
    expect(describeClick(document.querySelector("#a") as Element)).toEqual(["$click", { tag: "div", element_id: "a" }]);
    expect(describeClick(document.querySelector("#b") as Element)[1].text).toBe("Two words");
  });
});
