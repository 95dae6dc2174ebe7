/** A PDF written by hand: a picture a page, with its text invisibly in its place so that it is found and copied. */

export interface Line {
  text: string;
  /** Of the lower left corner, in points from the page's lower left corner. */
  x: number;
  y: number;
  width: number;
  size: number;
}

export interface Page {
  jpeg: Uint8Array;
  /** Of the picture, in pixels. */
  pixels: [number, number];
  /** Where the picture is on the page, in points: left, bottom, width, height. */
  place: [number, number, number, number];
  lines: Line[];
}

export const A4: [number, number] = [595.28, 841.89];

/** The bytes of a PDF 1.4 of A4 pages. Letters of any script are by a font that readers have for Chinese. */
export function pdfOf(pages: readonly Page[], title: string): Uint8Array<ArrayBuffer> {
  const objects: (string | Uint8Array)[][] = [];
  const add = (...parts: (string | Uint8Array)[]) => objects.push(parts);
  const first = 7;
  const kids = pages.map((_, place) => `${first + 3 * place} 0 R`).join(" ");
  add("<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /DisplayDocTitle true >> >>");
  add(`<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`);
  add("<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>");
  add("<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 5 0 R /DW 1000 /W [1 95 500] >>");
  add("<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 752 /Descent -271 /CapHeight 737 /StemV 58 >>");
  add(`<< /Title <${utf16(`\ufeff${title}`)}> /Producer (Bihuan) >>`);
  pages.forEach((page, place) => {
    const number = first + 3 * place;
    const content = latin(contentOf(page));
    const [width, height] = page.pixels;
    add(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${A4.join(" ")}] /Resources << /Font << /F 3 0 R >> /XObject << /I ${number + 2} 0 R >> >> /Contents ${number + 1} 0 R >>`);
    add(`<< /Length ${content.length} >>\nstream\n`, content, "\nendstream");
    add(`<< /Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length ${page.jpeg.length} >>\nstream\n`, page.jpeg, "\nendstream");
  });
  return written(objects);
}

function contentOf({ place, lines }: Page): string {
  const [left, bottom, width, height] = place;
  const picture = `q ${[width, 0, 0, height, left, bottom].map(rounded).join(" ")} cm /I Do Q`;
  const text = lines.map((line) => `BT 3 Tr /F ${rounded(line.size)} Tf ${rounded(stretch(line))} Tz ${rounded(line.x)} ${rounded(line.y)} Td <${utf16(line.text)}> Tj ET`);
  return [picture, ...text].join("\n");
}

/** How much the font's own width has to be stretched to be as wide as on the picture, in percent. */
function stretch({ text, width, size }: Line): number {
  let natural = 0;
  for (let place = 0; place < text.length; place += 1) natural += text.charCodeAt(place) < 0x7f ? 0.5 : 1;
  return natural > 0 && width > 0 ? Math.min(400, Math.max(25, (100 * width) / (natural * size))) : 100;
}

function utf16(text: string): string {
  let hex = "";
  for (let place = 0; place < text.length; place += 1) hex += text.charCodeAt(place).toString(16).padStart(4, "0");
  return hex;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

function latin(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** Objects one after another, the table of where each is, and the end. */
function written(objects: readonly (string | Uint8Array)[][]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const put = (part: string | Uint8Array) => {
    const bytes = typeof part === "string" ? latin(part) : part;
    parts.push(bytes);
    length += bytes.length;
  };
  put("%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n");
  const places = objects.map((object, place) => {
    const at = length;
    put(`${place + 1} 0 obj\n`);
    object.forEach(put);
    put("\nendobj\n");
    return at;
  });
  const table = length;
  put(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("")}`);
  put(`trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 6 0 R >>\nstartxref\n${table}\n%%EOF\n`);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
