import { describe, expect, it } from "vitest";
import { coloured, lineStart } from "../common/colouring";
import type { Body } from "../common/types";
import { block, imageBlock, withBlock } from "./blocks";
import { blankBody, contentAt, languagesOf, output, pathOf, placeIn, withLanguage, withoutLanguage, withoutVariant, withVariant } from "./body";

describe("a body", () => {
  const sms = blankBody("sms", "zh-CN");
  it("gets languages and variants that begin as others", () => {
    const two = withLanguage(sms, { variant: "a", language: "zh-CN" }, "en");
    expect(languagesOf(two)).toEqual(["zh-CN", "en"]);
    const { body, variant } = withVariant(two, "a");
    expect(variant).toBe("b");
    expect(contentAt(body, { variant: "b", language: "en" })).toEqual({ medium: "sms", text: "" });
    expect(Object.keys(withoutVariant(body, "a").variants)).toEqual(["b"]);
  });
  it("loses a language in every variant, and has another default then", () => {
    const two = withVariant(withLanguage(sms, { variant: "a", language: "zh-CN" }, "en"), "a").body;
    const left = withoutLanguage({ ...two, fallbacks: ["zh-CN", "en"] } as Body, "zh-CN");
    expect([left.default_language, left.fallbacks, languagesOf(left)]).toEqual(["en", ["en"], ["en"]]);
  });
  it("has a place near to the wanted one", () => {
    const two = withLanguage(sms, { variant: "a", language: "zh-CN" }, "en");
    expect(placeIn(two, { variant: "x", language: "en" })).toEqual({ variant: "a", language: "en" });
    expect(placeIn(two, { language: "fr" })).toEqual({ variant: "a", language: "zh-CN" });
  });
  it("names properties as Liquid reads them", () => {
    expect(output(pathOf("person", "address.city"))).toBe("{{ person.address.city | default: '' }}");
    expect(pathOf("person", "$email")).toBe('person["$email"]');
    expect(pathOf("event", "城市")).toBe('event["城市"]');
  });
});

describe("blocks", () => {
  const mail = "<mjml><mj-body>\n<mj-section><mj-column>\n<mj-text>one</mj-text>\n</mj-column></mj-section>\n</mj-body></mjml>";
  it("go behind the element that the cursor is in", () => {
    const { source } = withBlock(mail, mail.indexOf("one"), block("divider"));
    expect(source).toContain("<mj-text>one</mj-text>\n<mj-divider");
    expect(source.indexOf("<mj-divider")).toBeLessThan(source.indexOf("</mj-column>"));
  });
  it("go into a section of their own where there is no column", () => {
    for (const cursor of [0, mail.length]) {
      const { source } = withBlock(mail, cursor, imageBlock({ url: "https://x.example/a.png?a=1&b=2", alt: 'A "b"', link: "" }));
      expect(source).toMatch(/<mj-section[^>]*>\s*<mj-column>\s*<mj-image src="https:\/\/x.example\/a.png\?a=1&amp;b=2" alt="A &quot;b&quot;" \/>\s*<\/mj-column>\s*<\/mj-section>\s*<\/mj-body>/);
    }
  });
  it("that are sections go behind the section", () => {
    const { source } = withBlock(mail, mail.indexOf("one"), block("columns"));
    expect(source.indexOf("</mj-column></mj-section>")).toBeLessThan(source.indexOf("<mj-section background"));
    expect(source.match(/<mj-section/g)?.length).toBe(2);
  });
});

it("colours what it is and loses no letter", () => {
  const source = '<a href="x">{{ person.name }}</a> <!-- c --> {% if';
  const pieces = coloured(source, true);
  expect(pieces.map((each) => each.text).join("")).toBe(source);
  expect(pieces.filter((each) => each.kind === "liquid").map((each) => each.text)).toEqual(["{{ person.name }}", "{% if"]);
  expect(coloured(source, false).filter((each) => each.kind !== null).length).toBe(2);
  expect(lineStart("a\nbc\nd", 3)).toBe(5);
});
