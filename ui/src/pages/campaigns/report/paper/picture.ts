/** The paper as a picture, by the browser's own means: it is drawn as SVG with HTML inside. */

const SCALE = 2;
// Browsers draw no larger canvas.
const MOST_PIXELS = 16_000;

/** A part of the paper, on a canvas. */
export interface Piece {
  top: number;
  height: number;
}

/** The paper as an image that nothing else is needed for. */
export async function drawn(paper: HTMLElement, css: string): Promise<HTMLImageElement> {
  const { width, height } = sizeOf(paper);
  const copy = paper.cloneNode(true) as HTMLElement;
  copy.setAttribute("xmlns", "http://www.w3.org/1999/xhtml");
  const inside = new XMLSerializer().serializeToString(copy);
  const style = css.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><foreignObject x="0" y="0" width="100%" height="100%"><div xmlns="http://www.w3.org/1999/xhtml"><style>${style}</style>${inside}</div></foreignObject></svg>`;
  const image = new Image(width, height);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  return image;
}

export function sizeOf(paper: HTMLElement): { width: number; height: number } {
  return { width: paper.offsetWidth, height: paper.offsetHeight };
}

/** A piece of the image on white, twice as fine as the screen's pixels. */
export function canvasOf(image: HTMLImageElement, width: number, piece: Piece, scale = SCALE): HTMLCanvasElement {
  const fitting = Math.min(scale, MOST_PIXELS / piece.height);
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * fitting);
  canvas.height = Math.round(piece.height * fitting);
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("this browser draws no pictures");
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.scale(fitting, fitting);
  pen.drawImage(image, 0, -piece.top);
  return canvas;
}

export function blobOf(canvas: HTMLCanvasElement, type: "image/png" | "image/jpeg"): Promise<Blob> {
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture is too large"))), type, 0.93));
}

/** The whole paper as a PNG. */
export async function pngOf(paper: HTMLElement, css: string): Promise<Blob> {
  const { width, height } = sizeOf(paper);
  return blobOf(canvasOf(await drawn(paper, css), width, { top: 0, height }), "image/png");
}

/** Cuts blocks, by their tops and bottoms, into pages; only a block that is higher than a page is torn. */
export function pagesOf(blocks: readonly { top: number; bottom: number }[], room: number): Piece[] {
  const pages: Piece[] = [];
  let start: number | null = null;
  let end = 0;
  for (const { top, bottom } of blocks) {
    if (start !== null && bottom - start > room) {
      pages.push({ top: start, height: end - start });
      start = null;
    }
    start ??= top;
    while (bottom - start > room) {
      pages.push({ top: start, height: room });
      start += room;
    }
    end = bottom;
  }
  if (start !== null && end > start) pages.push({ top: start, height: end - start });
  return pages;
}
