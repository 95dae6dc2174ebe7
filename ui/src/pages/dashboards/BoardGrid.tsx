import type { ReactNode } from "react";
import { type Layout, ReactGridLayout, useContainerWidth, verticalCompactor } from "react-grid-layout";
import "react-grid-layout/css/styles.css";
import "react-resizable/css/styles.css";

export const COLUMNS = 12;
const ROW_PX = 40;
const GAP_PX = 12;
const NARROW_PX = 900;

export interface Placed {
  id: string;
  x: number;
  y: number;
  w: number;
  h: number;
}

interface Props<T extends Placed> {
  tiles: readonly T[];
  editing: boolean;
  onMove?: (places: Placed[]) => void;
  render: (tile: T, heightPx: number) => ReactNode;
}

/** How high the inside of a tile is that takes some rows. */
export function insideHeight(rows: number): number {
  return rows * ROW_PX + (rows - 1) * GAP_PX - 40 - 24 - 6;
}

/** Tiles on a grid of twelve columns, which can be dragged and resized; narrow windows have one column. */
export function BoardGrid<T extends Placed>({ tiles, editing, onMove, render }: Props<T>) {
  const { width, containerRef, mounted } = useContainerWidth();
  const narrow = width < NARROW_PX;
  const layout: Layout = tiles.map((tile) => ({ i: tile.id, x: tile.x, y: tile.y, w: tile.w, h: tile.h, minW: 2, minH: 3 }));
  if (narrow && mounted) {
    const inOrder = [...tiles].sort((one, other) => one.y - other.y || one.x - other.x);
    return (
      <div ref={containerRef} className="stack">
        {inOrder.map((tile) => (
          <div key={tile.id} style={{ height: tile.h * ROW_PX + (tile.h - 1) * GAP_PX }}>
            {render(tile, insideHeight(tile.h))}
          </div>
        ))}
      </div>
    );
  }
  return (
    <div ref={containerRef}>
      {mounted && (
        <ReactGridLayout
          width={width}
          layout={layout}
          gridConfig={{ cols: COLUMNS, rowHeight: ROW_PX, margin: [GAP_PX, GAP_PX], containerPadding: [0, 0] }}
          dragConfig={{ enabled: editing, cancel: ".no-drag, button, a" }}
          resizeConfig={{ enabled: editing }}
          compactor={verticalCompactor}
          onLayoutChange={(next: Layout) => editing && onMove?.(next.map(({ i, x, y, w, h }) => ({ id: i, x, y, w, h })))}
        >
          {tiles.map((tile) => (
            <div key={tile.id}>{render(tile, insideHeight(tile.h))}</div>
          ))}
        </ReactGridLayout>
      )}
    </div>
  );
}
