export type BlockName = "heading" | "text" | "button" | "image" | "divider" | "columns" | "condition";

const INSIDE: Record<Exclude<BlockName, "image" | "columns" | "condition">, string> = {
  heading: `<mj-text font-size="24px" font-weight="700">…</mj-text>`,
  text: `<mj-text font-size="16px" line-height="1.7">…</mj-text>`,
  button: `<mj-button background-color="#3355ff" color="#ffffff" border-radius="8px" href="https://">…</mj-button>`,
  divider: `<mj-divider border-width="1px" border-color="#e3e7ee" />`,
};

const COLUMNS = `<mj-section background-color="#ffffff" padding="0 16px">
  <mj-column>
    <mj-text>…</mj-text>
  </mj-column>
  <mj-column>
    <mj-text>…</mj-text>
  </mj-column>
</mj-section>`;

const CONDITION = `{% if person.name %}
<mj-text>…</mj-text>
{% endif %}`;

export interface Picture {
  url: string;
  alt: string;
  link: string;
}

function quoted(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}

export function imageBlock({ url, alt, link }: Picture): string {
  return `<mj-image src="${quoted(url)}" alt="${quoted(alt)}"${link ? ` href="${quoted(link)}"` : ""} />`;
}

/** The same for a mail that is written in HTML. */
export function imageHtml({ url, alt, link }: Picture): string {
  const image = `<img src="${quoted(url)}" alt="${quoted(alt)}" style="max-width:100%" />`;
  return link ? `<a href="${quoted(link)}">${image}</a>` : image;
}

export function block(name: Exclude<BlockName, "image">): string {
  return name === "columns" ? COLUMNS : name === "condition" ? CONDITION : INSIDE[name];
}

/**
 * A source of MJML with a block more, and where its text ends. Sections go between sections; what belongs into a
 * column goes where the cursor is, if that is in one, else into a section of its own at the end.
 */
export function withBlock(source: string, cursor: number, added: string): { source: string; cursor: number } {
  const isSection = added.startsWith("<mj-section");
  const before = source.slice(0, cursor);
  const inColumn = before.lastIndexOf("<mj-column") > before.lastIndexOf("</mj-column>");
  if (!isSection && inColumn) return put(source, afterElement(source, cursor), `\n${added}`);
  const whole = isSection ? added : `<mj-section background-color="#ffffff">\n  <mj-column>\n    ${added.replaceAll("\n", "\n    ")}\n  </mj-column>\n</mj-section>`;
  const inSection = before.lastIndexOf("<mj-section") > before.lastIndexOf("</mj-section>");
  const end = inSection ? source.indexOf("</mj-section>", cursor) : -1;
  if (end >= 0) return put(source, end + "</mj-section>".length, `\n${whole}`);
  const close = source.lastIndexOf("</mj-body>");
  return close < 0 ? put(source, source.length, `\n${whole}`) : put(source, close, `${whole}\n`);
}

/** The end of the element that the cursor is in, or the cursor itself between elements. */
function afterElement(source: string, cursor: number): number {
  const open = source.lastIndexOf("<mj-", cursor - 1);
  const name = /^<(mj-[\w-]+)/.exec(source.slice(open))?.[1];
  if (open < 0 || !name || name === "mj-column") {
    const end = source.indexOf(">", open);
    return end >= cursor || end < 0 ? end + 1 : cursor;
  }
  const tag = source.indexOf(">", open);
  if (source[tag - 1] === "/") return Math.max(tag + 1, cursor);
  const close = source.indexOf(`</${name}>`, open);
  return close < 0 ? cursor : Math.max(close + name.length + 3, cursor);
}

function put(source: string, at: number, added: string): { source: string; cursor: number } {
  return { source: source.slice(0, at) + added + source.slice(at), cursor: at + added.length };
}
