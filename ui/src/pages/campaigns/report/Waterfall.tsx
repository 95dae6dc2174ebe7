import type { Interval } from "../shared/types";
import { scaleOf } from "./scale";

export interface WaterfallBar {
  name: string;
  /** From where to where; a total stands on 0. */
  from: number;
  to: number;
  total?: boolean;
  interval?: Interval | null;
  label: string;
}

const WIDTH = 720;
const HEIGHT = 270;
const LEFT = 70;
const TOP = 22;
const BOTTOM = 40;

/** From planned to actual, step by step; whiskers are 95 % intervals. */
export function Waterfall({ bars, show, label }: { bars: WaterfallBar[]; show: (value: number) => string; label: string }) {
  const ends = bars.flatMap((each) => [each.from, each.to, ...whisker(each)]);
  const y = scaleOf(ends, HEIGHT - BOTTOM, TOP);
  const slot = (WIDTH - LEFT) / bars.length;
  const wide = Math.min(84, slot * 0.6);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} style={{ width: "100%", maxHeight: 330, fontSize: 12 }} fill="currentColor">
      {y.ticks.map((each) => (
        <g key={each}>
          <line x1={LEFT} x2={WIDTH} y1={y(each)} y2={y(each)} stroke="currentColor" strokeOpacity={each === 0 ? 0.6 : 0.14} />
          <text x={LEFT - 8} y={y(each) + 4} textAnchor="end" opacity={0.8}>
            {show(each)}
          </text>
        </g>
      ))}
      {bars.map((each, place) => {
        const x = LEFT + slot * place + (slot - wide) / 2;
        const top = Math.min(y(each.from), y(each.to));
        const next = bars[place + 1];
        return (
          <g key={each.name}>
            <rect x={x} y={top} width={wide} height={Math.max(1.5, Math.abs(y(each.from) - y(each.to)))} rx={3} fill={colorOf(each)} />
            {next && <line x1={x + wide} x2={x + slot} y1={y(each.to)} y2={y(each.to)} stroke="currentColor" strokeOpacity={0.45} strokeDasharray="3 3" />}
            <Whisker ends={whisker(each)} x={x + wide / 2} y={y} />
            <text x={x + wide / 2} y={Math.min(top, ...whisker(each).map(y)) - 6} textAnchor="middle" fontWeight={600}>
              {each.label}
            </text>
            <text x={x + wide / 2} y={HEIGHT - BOTTOM + 20} textAnchor="middle">
              {each.name}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

function colorOf(bar: WaterfallBar): string {
  if (bar.total) return "#3355ff";
  return bar.to >= bar.from ? "#16824e" : "#d9480f";
}

/** Where a bar's far end may be: the interval is of the step, or of the total itself. */
function whisker(bar: WaterfallBar): number[] {
  const { interval } = bar;
  if (!interval || interval.low === null || interval.high === null || interval.low === interval.high) return [];
  const base = bar.total ? 0 : bar.from;
  return [base + interval.low, base + interval.high];
}

function Whisker({ ends, x, y }: { ends: number[]; x: number; y: (value: number) => number }) {
  const [low, high] = ends;
  if (low === undefined || high === undefined) return null;
  return (
    <g stroke="currentColor" strokeWidth={1.5}>
      <line x1={x} x2={x} y1={y(low)} y2={y(high)} />
      <line x1={x - 6} x2={x + 6} y1={y(low)} y2={y(low)} />
      <line x1={x - 6} x2={x + 6} y1={y(high)} y2={y(high)} />
    </g>
  );
}
