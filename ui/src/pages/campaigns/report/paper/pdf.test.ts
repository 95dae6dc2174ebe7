import { expect, it } from "vitest";
import { pagesOf } from "./picture";
import { type Page, pdfOf } from "./pdf";

const PAGE: Page = { jpeg: new Uint8Array([255, 216, 0, 255, 217]), pixels: [2, 1], place: [0, 10, 595.28, 800], lines: [{ text: "活动 a", x: 10, y: 20, width: 60, size: 12 }] };

function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

it("says where each of its objects is", () => {
  const text = textOf(pdfOf([PAGE, PAGE], "报告"));
  expect(text.startsWith("%PDF-1.4\n")).toBe(true);
  expect(text.endsWith("%%EOF\n")).toBe(true);
  const table = Number(/startxref\n(\d+)/.exec(text)?.[1]);
  expect(text.slice(table, table + 5)).toBe("xref\n");
  const places = [...text.slice(table).matchAll(/^(\d{10}) 00000 n $/gm)].map((each) => Number(each[1]));
  expect(places).toHaveLength(6 + 2 * 3);
  places.forEach((at, number) => expect(text.slice(at).startsWith(`${number + 1} 0 obj\n`)).toBe(true));
  expect(text).toContain("/Count 2");
});

it("holds the text of the picture, in its place", () => {
  const text = textOf(pdfOf([PAGE], "x"));
  // 活动, a space and a letter: three em and a half an em less than the width asks for.
  expect(text).toContain("BT 3 Tr /F 12 Tf 166.67 Tz 10 20 Td <6d3b52a800200061> Tj ET");
  const length = Number(/\/Length (\d+) >>\nstream\nq/.exec(text)?.[1]);
  const from = text.indexOf("stream\nq") + "stream\n".length;
  expect(text.slice(from + length, from + length + 10)).toBe("\nendstream");
});

it("tears only what is higher than a page", () => {
  const blocks = [0, 60, 90, 300].map((top, place) => ({ top, bottom: [50, 80, 290, 320][place] ?? 0 }));
  expect(pagesOf(blocks, 100)).toEqual([
    { top: 0, height: 80 },
    { top: 90, height: 100 },
    { top: 190, height: 100 },
    { top: 300, height: 20 },
  ]);
  expect(pagesOf([], 100)).toEqual([]);
});
