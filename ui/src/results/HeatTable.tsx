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

function colours(heat: number | null, dark: boolean): React.CSSProperties | undefined {
  if (heat === null) return undefined;
  const share = Math.max(0, Math.min(1, heat));
  return { background: `rgb(51 85 255 / ${Math.round(6 + share * (dark ? 80 : 86))}%)`, color: share > 0.55 || (dark && share > 0.3) ? "#fff" : undefined };
}
