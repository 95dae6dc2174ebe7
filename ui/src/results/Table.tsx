import { Table as AntTable, type TableColumnType } from "antd";
import type { ReactNode } from "react";

export interface Column<Row> {
  title: ReactNode;
  key: string;
  /** What is shown. */
  show: (row: Row) => ReactNode;
  /** What the column is sorted by; without it, it is not. */
  by?: (row: Row) => number | string | null;
  numeric?: boolean;
  width?: number;
  fixed?: boolean;
}

interface Props<Row> {
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string;
  pageSize?: number;
}

/** Figures in rows, which can be sorted. */
export function Table<Row extends object>({ rows, columns, keyOf, pageSize = 20 }: Props<Row>) {
  const shown: TableColumnType<Row>[] = columns.map((column) => {
    const { by } = column;
    return {
      title: column.title,
      key: column.key,
      width: column.width,
      fixed: column.fixed ? ("left" as const) : undefined,
      align: column.numeric ? ("right" as const) : undefined,
      className: column.numeric ? "figure" : undefined,
      render: (_: unknown, row: Row) => column.show(row),
      ...(by ? { sorter: (one: Row, other: Row) => compare(by(one), by(other)) } : {}),
    };
  });
  return (
    <AntTable<Row>
      size="small"
      rowKey={keyOf}
      dataSource={[...rows]}
      columns={shown}
      scroll={{ x: "max-content" }}
      pagination={rows.length > pageSize ? { pageSize, showSizeChanger: false, size: "small" } : false}
    />
  );
}

function compare(one: number | string | null, other: number | string | null): number {
  if (one === null || other === null) return (one === null ? 0 : 1) - (other === null ? 0 : 1);
  return typeof one === "number" && typeof other === "number" ? one - other : String(one).localeCompare(String(other));
}

/** A number that leads to the people behind it. */
export function Clickable({ children, onClick, label }: { children: ReactNode; onClick?: () => void; label?: string }) {
  if (!onClick) return <>{children}</>;
  return (
    <button type="button" className="clickable figure" aria-label={label} onClick={onClick}>
      {children}
    </button>
  );
}
