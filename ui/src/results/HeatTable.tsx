import { Clickable } from "./Table";
import { usePreferences } from "@/app/preferences";

export interface HeatCell {
  text: string;
  /** From 0 to 1; null has no colour. */
  heat: number | null;
  incomplete?: boolean;
  onClick?: () => void;
  title?: string;
}

export interface HeatRow {
  name: string;
  size: string;
  onClick?: () => void;
  cells: HeatCell[];
  strong?: boolean;
}

interface Props {
  corner: [string, string];
  columns: string[];
  rows: HeatRow[];
  caption: string;
}

/** A table whose cells are the darker the greater. */
export function HeatTable({ corner, columns, rows, caption }: Props) {
  const { dark } = usePreferences();
  return (
    <div style={{ overflowX: "auto" }} tabIndex={0} role="region" aria-label={caption}>
      <table className="heat">
        <thead>
          <tr>
            <th scope="col" style={{ textAlign: "left" }}>
              {corner[0]}
            </th>
            <th scope="col">{corner[1]}</th>
            {columns.map((column) => (
              <th scope="col" key={column}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name} style={row.strong ? { fontWeight: 600 } : undefined}>
              <th scope="row" style={{ textAlign: "left", fontWeight: row.strong ? 600 : 400 }}>
                {row.name}
              </th>
              <td>
                <Clickable onClick={row.onClick}>{row.size}</Clickable>
              </td>
              {row.cells.map((cell, place) => (
                <td key={place} title={cell.title} className={cell.incomplete ? "incomplete" : undefined} style={colours(cell.heat, dark)}>
                  <Clickable onClick={cell.onClick}>{cell.text}</Clickable>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const HEAT = [51, 85, 255] as const;
const PAPER = { light: [255, 255, 255], dark: [22, 27, 36] } as const;

/** The colour of a share of heat, and the text colour that is read best on it. */
export function colours(heat: number | null, dark: boolean): React.CSSProperties | undefined {
  if (heat === null) return undefined;
  const share = 0.06 + Math.max(0, Math.min(1, heat)) * 0.86;
  const paper = dark ? PAPER.dark : PAPER.light;
  const mixed = HEAT.map((part, at) => Math.round(part * share + (paper[at] as number) * (1 - share)));
  const light = luminance(mixed);
  const onWhite = 1.05 / (light + 0.05);
  const onBlack = (light + 0.05) / 0.05;
  return { background: `rgb(${mixed.join(" ")})`, color: onWhite > onBlack ? "#fff" : "#000" };
}

/** Relative luminance of an sRGB colour, as WCAG 2 defines it. */
function luminance(colour: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
