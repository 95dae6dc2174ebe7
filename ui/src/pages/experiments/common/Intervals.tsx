import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { scaleOf, toneOf } from "./scale";
import { useMetricFigures } from "./useMetricFigures";
import type { Range } from "./types";

export interface Row {
  key: string;
  label: ReactNode;
  range: Range | null;
  /** In place of a picture where there is none. */
  reason?: string;
  better: "higher" | "lower";
  /** Of the row among others: drawn lighter. */
  quiet?: boolean;
  extra?: ReactNode;
}

/** Differences with their intervals on one scale, zero marked. */
export function Intervals({ rows, kind, relative = false, label }: { rows: readonly Row[]; kind: string; relative?: boolean; label: string }) {
  const { t } = useTranslation();
  const figures = useMetricFigures(kind);
  const show = relative ? figures.relative : figures.difference;
  const scale = scaleOf(rows.flatMap((row) => (row.range ? [row.range] : [])));
  return (
    <table className="intervals" aria-label={label}>
      <thead className="sr-only">
        <tr>
          <th scope="col">{t("experiments.variant")}</th>
          <th scope="col">{t("experiments.picture")}</th>
          <th scope="col">{t("experiments.lift")}</th>
          <th scope="col">{t("experiments.interval")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key} style={row.quiet ? { fontSize: 13 } : undefined}>
            <th scope="row">{row.label}</th>
            <td className="interval-picture" aria-hidden>
              {row.range ? <Bar range={row.range} better={row.better} scale={scale} quiet={row.quiet} /> : null}
            </td>
            <td className="figure interval-value">{row.range ? <strong>{show(row.range.value)}</strong> : <span>{row.reason ?? "–"}</span>}</td>
            <td className="figure interval-ends">
              {row.range ? `${show(row.range.low, -1)} … ${show(row.range.high, 1)}` : ""} {row.extra}
            </td>
          </tr>
        ))}
        <tr aria-hidden className="interval-axis">
          <td />
          <td className="interval-picture">
            {scale.zero > 25 && <span style={{ insetInlineStart: 0 }}>{show(scale.low)}</span>}
            <span style={{ insetInlineStart: `${scale.zero}%`, transform: "translateX(-50%)" }}>0</span>
            {scale.zero < 75 && <span style={{ insetInlineEnd: 0 }}>{show(scale.high)}</span>}
          </td>
          <td />
          <td />
        </tr>
      </tbody>
    </table>
  );
}

function Bar({ range, better, scale, quiet }: { range: Range; better: "higher" | "lower"; scale: ReturnType<typeof scaleOf>; quiet?: boolean }) {
  const [start, end] = [scale.at(range.low ?? scale.low), scale.at(range.high ?? scale.high)];
  const tone = toneOf(range, better);
  return (
    <div className={`interval ${tone}`} style={quiet ? { opacity: 0.8 } : undefined}>
      <span className="interval-zero" style={{ insetInlineStart: `${scale.zero}%` }} />
      <span className="interval-line" style={{ insetInlineStart: `${start}%`, width: `${Math.max(0.5, end - start)}%` }} />
      <span className="interval-dot" style={{ insetInlineStart: `${scale.at(range.value)}%` }} />
    </div>
  );
}

/** One interval small, for a cell; its figures in words beside it. */
export function SmallInterval({ range, better, label }: { range: Range; better: "higher" | "lower"; label: string }) {
  const scale = scaleOf([range]);
  return (
    <div role="img" aria-label={label} title={label} style={{ width: 120 }}>
      <Bar range={range} better={better} scale={scale} />
    </div>
  );
}
