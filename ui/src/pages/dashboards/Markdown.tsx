import { Fragment, type ReactNode } from "react";

/** A few marks of Markdown as elements, never as HTML: headings, lists, bold, code and links of the web. */
export function Markdown({ text }: { text: string }) {
  const blocks = text.split(/\n{2,}/);
  return (
    <div style={{ lineHeight: 1.6 }}>
      {blocks.map((block, place) => (
        <Fragment key={place}>{blockOf(block)}</Fragment>
      ))}
    </div>
  );
}

function blockOf(block: string): ReactNode {
  const lines = block.split("\n");
  const heading = /^(#{1,3})\s+(.*)$/.exec(lines[0] ?? "");
  if (heading) {
    const size = [22, 18, 16][(heading[1]?.length ?? 1) - 1];
    return (
      <>
        <div role="heading" aria-level={(heading[1]?.length ?? 1) + 1} style={{ fontSize: size, fontWeight: 600 }}>
          {inline(heading[2] ?? "")}
        </div>
        {lines.length > 1 && blockOf(lines.slice(1).join("\n"))}
      </>
    );
  }
  if (lines.every((line) => /^[-*]\s+/.test(line))) {
    return (
      <ul>
        {lines.map((line, place) => (
          <li key={place}>{inline(line.replace(/^[-*]\s+/, ""))}</li>
        ))}
      </ul>
    );
  }
  return (
    <p style={{ margin: "0 0 8px" }}>
      {lines.map((line, place) => (
        <Fragment key={place}>
          {place > 0 && <br />}
          {inline(line)}
        </Fragment>
      ))}
    </p>
  );
}

const MARKS = /(\*\*[^*]+\*\*|`[^`]+`|\[[^\]]+\]\(https?:\/\/[^)\s]+\))/g;

function inline(text: string): ReactNode {
  return text.split(MARKS).map((part, place) => {
    if (part.startsWith("**")) return <strong key={place}>{part.slice(2, -2)}</strong>;
    if (part.startsWith("`")) return <code key={place}>{part.slice(1, -1)}</code>;
    const link = /^\[([^\]]+)\]\((https?:\/\/[^)\s]+)\)$/.exec(part);
    if (link) {
      return (
        <a key={place} href={link[2]} target="_blank" rel="noreferrer noopener">
          {link[1]}
        </a>
      );
    }
    return <Fragment key={place}>{part}</Fragment>;
  });
}
