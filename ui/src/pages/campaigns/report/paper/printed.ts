import { A4, type Line, type Page, pdfOf } from "./pdf";
import { blobOf, canvasOf, drawn, pagesOf, type Piece, sizeOf } from "./picture";

const MARGIN = 34;

/** The paper as a PDF of A4 pages. */
export async function pdfBlobOf(paper: HTMLElement, css: string, title: string): Promise<Blob> {
  const { width } = sizeOf(paper);
  const points = A4[0] / width;
  const top = paper.getBoundingClientRect().top;
  const blocks = [...paper.children].map((each) => {
    const box = each.getBoundingClientRect();
    return { top: box.top - top, bottom: box.bottom - top };
  });
  const pieces = pagesOf(blocks, Math.floor((A4[1] - 2 * MARGIN) / points));
  const image = await drawn(paper, css);
  const lines = linesOf(paper);
  const pages: Page[] = [];
  for (const piece of pieces) {
    const canvas = canvasOf(image, width, piece);
    const jpeg = new Uint8Array(await (await blobOf(canvas, "image/jpeg")).arrayBuffer());
    const bottom = A4[1] - MARGIN - piece.height * points;
    pages.push({ jpeg, pixels: [canvas.width, canvas.height], place: [0, bottom, A4[0], piece.height * points], lines: lines.flatMap((line) => onPage(line, piece, points)) });
  }
  return new Blob([pdfOf(pages, title)], { type: "application/pdf" });
}

interface Shown {
  text: string;
  left: number;
  top: number;
  width: number;
  height: number;
}

function onPage(line: Shown, piece: Piece, points: number): Line[] {
  const middle = line.top + line.height / 2;
  if (middle < piece.top || middle >= piece.top + piece.height) return [];
  const size = line.height * 0.78 * points;
  return [{ text: line.text, x: line.left * points, y: A4[1] - MARGIN - (line.top + line.height * 0.8 - piece.top) * points, width: line.width * points, size }];
}

/** Every line of text on the paper and where it is. */
export function linesOf(paper: HTMLElement): Shown[] {
  const origin = paper.getBoundingClientRect();
  const found: Shown[] = [];
  const walker = document.createTreeWalker(paper, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement?.closest("title") || !node.textContent?.trim()) continue;
    for (const { text, box } of brokenUp(node as Text)) found.push({ text, left: box.left - origin.left, top: box.top - origin.top, width: box.width, height: box.height });
  }
  return found;
}

/** A text cut where the browser broke its lines. */
function brokenUp(node: Text): { text: string; box: DOMRect }[] {
  const range = document.createRange();
  const lines: { text: string; box: DOMRect }[] = [];
  for (let place = 0; place < node.length; place += 1) {
    range.setStart(node, place);
    range.setEnd(node, place + 1);
    const box = range.getBoundingClientRect();
    const letter = node.data[place] ?? "";
    if (box.width === 0 && !letter.trim()) continue;
    const last = lines.at(-1);
    if (last && Math.abs(last.box.top - box.top) < box.height / 2) {
      last.text += letter;
      last.box = new DOMRect(last.box.left, last.box.top, Math.max(last.box.right, box.right) - last.box.left, last.box.height);
    } else lines.push({ text: letter, box });
  }
  return lines.filter((each) => each.text.trim());
}

/** Has the browser print the paper: letters stay letters, and "save as PDF" is among the printers. */
export function print(paper: HTMLElement, css: string, title: string): void {
  const frame = document.createElement("iframe");
  frame.style.cssText = "position:fixed;right:0;bottom:0;width:0;height:0;border:0";
  frame.title = title;
  document.body.append(frame);
  const inside = frame.contentDocument;
  if (!inside || !frame.contentWindow) return;
  inside.title = title;
  const style = inside.createElement("style");
  style.textContent = `@page { size: A4; margin: 12mm 0; } body { margin: 0; -webkit-print-color-adjust: exact; print-color-adjust: exact; } ${css}`;
  inside.head.append(style);
  inside.body.append(inside.importNode(paper, true));
  inside.documentElement.lang = document.documentElement.lang;
  frame.contentWindow.addEventListener("afterprint", () => frame.remove());
  frame.contentWindow.focus();
  frame.contentWindow.print();
}
