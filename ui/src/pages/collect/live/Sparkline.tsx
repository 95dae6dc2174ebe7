import { theme } from "antd";

interface Props {
  counts: readonly number[];
  label: string;
  width?: number;
  height?: number;
}

/** Counts as small bars; as tall as the largest of them. */
export function Sparkline({ counts, label, width = 180, height = 28 }: Props) {
  const { token } = theme.useToken();
  const largest = Math.max(1, ...counts);
  const step = width / Math.max(1, counts.length);
  return (
    <svg role="img" aria-label={label} width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      <line x1={0} x2={width} y1={height - 0.5} y2={height - 0.5} stroke={token.colorBorderSecondary} />
      {counts.map((count, place) => {
        const tall = count === 0 ? 0 : Math.max(2, (count / largest) * (height - 2));
        // The place is what a bar is.
        return <rect key={place} x={place * step} y={height - tall} width={Math.max(1, step - 1)} height={tall} fill={token.colorPrimary} />;
      })}
    </svg>
  );
}
