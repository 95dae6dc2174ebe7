import { ArrowDownOutlined, ArrowUpOutlined } from "@/components/icons";
import { Segmented } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Chart, type Picked } from "./Chart";
import { useFigures, useGroupName } from "./figures";
import { Clickable, Table } from "./Table";
import { MapView } from "./MapView";
import { drawnLines, ranked, trendOption } from "./trendOption";
import type { TrendResult, ViewProps } from "./types";

type Line = TrendResult["lines"][number];
const MOST_COLUMNS = 62;

function useLineName(result: TrendResult): (line: Line) => string {
  const groupName = useGroupName();
  const single = new Set(result.lines.map((line) => line.name)).size === 1;
  return (line) => (!line.breakdown.length ? line.name : single ? groupName(line.breakdown) : `${line.name} · ${groupName(line.breakdown)}`);
}

/** A trend as a chart, as one number, or as a table; the table is also shown under a large chart. */
export function TrendView({ result, chart, height, onSelect, small, targets = [], notes = [] }: ViewProps<TrendResult>) {
  const { t, i18n } = useTranslation();
  const figures = useFigures();
  const nameOf = useLineName(result);
  const kind = chart ?? "line";
  const option = useMemo(
    () =>
      trendOption({
        result,
        chart: kind,
        nameOf,
        figures,
        comparedName: (name) => t("insights.comparedName", { name }),
        averageName: (name) => t("insights.averageName", { name }),
        targets,
        notes,
      }),
    // The names follow from the result and the language.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [result, kind, i18n.language, targets, notes],
  );
  const select = (line: Line, bucket: string | null) =>
    onSelect?.(
      { ...(line.series === null ? { formula: line.formula } : { series: line.series }), bucket, breakdown: line.breakdown },
      [nameOf(line), bucket && figures.bucket(bucket, result.interval)].filter(Boolean).join(" · "),
    );
  const onPick = ({ seriesIndex, dataIndex }: Picked) => {
    const totals = kind === "pie" || kind === "ranking";
    const line = totals ? (kind === "ranking" ? ranked(result) : drawnLines(result))[dataIndex] : drawnLines(result)[seriesIndex];
    if (line) select(line, totals ? null : (result.buckets[dataIndex] ?? null));
  };
  if (kind === "number") return <BigNumbers result={result} nameOf={nameOf} onSelect={onSelect && select} />;
  const table = <TrendTable result={result} nameOf={nameOf} onSelect={onSelect && select} />;
  if (kind === "table") return table;
  if (kind === "map" && result.lines.every((line) => line.breakdown.length === 1)) {
    return (
      <div className="stack">
        <TrendMap result={result} height={height} onSelect={onSelect && select} />
        {!small && table}
      </div>
    );
  }
  return (
    <div className="stack">
      <Chart option={option} height={height} label={t("insights.trendLabel", { lines: result.lines.map(nameOf).join(", "), from: result.first_day, to: result.last_day })} onPick={onSelect && onPick} />
      {!small && table}
    </div>
  );
}

/** The totals of one of the lines by region. */
function TrendMap({ result, height, onSelect }: Pick<PartProps, "result" | "onSelect"> & { height: number }) {
  const lines = drawnLines(result);
  const names = [...new Set(lines.map((line) => line.name))];
  const [chosen, choose] = useState<string | undefined>(names[0]);
  const title = chosen !== undefined && names.includes(chosen) ? chosen : (names[0] ?? "");
  const clickable = onSelect !== undefined;
  const rows = useMemo(
    () =>
      lines.flatMap((line) => {
        const [region] = line.breakdown;
        return line.name !== title || !region || region.other ? [] : [{ value: region.value ?? null, amount: line.total ?? null, onClick: onSelect && (() => onSelect(line, null)) }];
      }),
    // The lines are those of the result; what a click does is the same for as long.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [result, title, clickable],
  );
  return (
    <>
      {names.length > 1 && <Segmented<string> style={{ alignSelf: "flex-start" }} value={title} onChange={choose} options={names} />}
      <MapView rows={rows} title={title} height={height} />
    </>
  );
}

interface PartProps {
  result: TrendResult;
  nameOf: (line: Line) => string;
  onSelect?: (line: Line, bucket: string | null) => void;
}

function TrendTable({ result, nameOf, onSelect }: PartProps) {
  const { t } = useTranslation();
  const figures = useFigures();
  const buckets = result.buckets.slice(-MOST_COLUMNS);
  const skipped = result.buckets.length - buckets.length;
  const compared = result.lines.some((line) => line.compared_total != null);
  return (
    <Table<Line>
      rows={result.lines}
      keyOf={(line) => `${line.series}/${line.formula}/${JSON.stringify(line.breakdown)}`}
      columns={[
        { title: t("common.name"), key: "name", show: nameOf, by: nameOf, fixed: true, width: 160 },
        { title: t("common.total"), key: "total", numeric: true, by: (line) => line.total ?? null, show: (line) => <Clickable onClick={onSelect && (() => onSelect(line, null))}>{figures.number(line.total)}</Clickable> },
        ...(compared ? [{ title: t("insights.change"), key: "change", numeric: true, show: (line: Line) => <Change now={line.total} before={line.compared_total} />, by: (line: Line) => changeOf(line.total, line.compared_total) }] : []),
        ...buckets.map((bucket, at) => ({
          title: figures.bucket(bucket, result.interval),
          key: bucket,
          numeric: true,
          by: (line: Line) => line.values[at + skipped] ?? null,
          show: (line: Line) => <Clickable onClick={onSelect && (() => onSelect(line, bucket))}>{figures.compact(line.values[at + skipped])}</Clickable>,
        })),
      ]}
    />
  );
}

export function changeOf(now: number | null | undefined, before: number | null | undefined): number | null {
  return now == null || !before ? null : now / before - 1;
}

export function Change({ now, before }: { now: number | null | undefined; before: number | null | undefined }) {
  const figures = useFigures();
  const change = changeOf(now, before);
  if (change === null) return <>–</>;
  return (
    <span style={{ color: change < 0 ? "#c0392b" : "#1a7f4b" }} className="figure">
      {change < 0 ? <ArrowDownOutlined /> : <ArrowUpOutlined />} {figures.percent(Math.abs(change))}
    </span>
  );
}

function BigNumbers({ result, nameOf, onSelect }: PartProps) {
  const figures = useFigures();
  return (
    <div className="row" style={{ gap: 28, padding: "12px 4px", alignItems: "flex-start" }}>
      {drawnLines(result).map((line, place) => (
        <div key={place} style={{ minWidth: 120 }}>
          <div style={{ opacity: 0.8 }}>{nameOf(line)}</div>
          <div style={{ fontSize: 34, fontWeight: 600, lineHeight: 1.25 }}>
            <Clickable onClick={onSelect && (() => onSelect(line, null))}>{figures.compact(line.total)}</Clickable>
          </div>
          {line.compared_total != null && <Change now={line.total} before={line.compared_total} />}
        </div>
      ))}
    </div>
  );
}
