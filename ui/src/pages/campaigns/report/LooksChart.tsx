import { useTranslation } from "react-i18next";
import { useWording } from "@/components/page";
import { useProject } from "@/session/session";
import type { Look } from "../shared/types";
import { pointsText, useCampaignFigures } from "../shared/words";
import { scaleOf } from "./scale";

const WIDTH = 720;
const HEIGHT = 220;
const LEFT = 62;
const BOTTOM = 30;

/** The difference of conversion over time with intervals that hold however often one looks. */
export function LooksChart({ looks }: { looks: Look[] }) {
  const { t } = useTranslation();
  const words = useWording(useProject().time_zone);
  const { points, span } = useCampaignFigures();
  const shown = looks.flatMap((each) => (each.difference && each.difference.low !== null && each.difference.high !== null ? [{ at: each.at, value: each.difference.value, low: each.difference.low, high: each.difference.high }] : []));
  const last = shown.at(-1);
  if (!last) return null;
  const y = scaleOf(shown.flatMap((each) => [each.low, each.high]), HEIGHT - BOTTOM, 8);
  const x = (place: number) => (shown.length === 1 ? (LEFT + WIDTH) / 2 : LEFT + 10 + (place / (shown.length - 1)) * (WIDTH - LEFT - 24));
  const line = (end: "low" | "high" | "value") => shown.map((each, place) => `${x(place)},${y(each[end])}`);
  const marked = [...new Set([0, Math.floor((shown.length - 1) / 2), shown.length - 1])];
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t("campaigns.report.looksPicture", { looks: shown.length, value: points(last.value), span: span(last, points) })} style={{ width: "100%", maxHeight: 280, fontSize: 12 }} fill="currentColor">
      {y.ticks.map((each) => (
        <g key={each}>
          <line x1={LEFT} x2={WIDTH} y1={y(each)} y2={y(each)} stroke="currentColor" strokeOpacity={each === 0 ? 0.7 : 0.14} />
          <text x={LEFT - 8} y={y(each) + 4} textAnchor="end" opacity={0.8}>
            {pointsText(each, 1)}
          </text>
        </g>
      ))}
      <polygon points={[...line("low"), ...line("high").toReversed()].join(" ")} fill="#3355ff" fillOpacity={0.18} />
      <polyline points={line("value").join(" ")} fill="none" stroke="#3355ff" strokeWidth={2.5} />
      {shown.map((each, place) => (
        <g key={each.at}>
          <line x1={x(place)} x2={x(place)} y1={y(each.low)} y2={y(each.high)} stroke="#3355ff" strokeOpacity={0.4} />
          <circle cx={x(place)} cy={y(each.value)} r={3} fill="#3355ff">
            <title>{`${words.moment(each.at, false)} ${points(each.value)} ${span(each, points)}`}</title>
          </circle>
        </g>
      ))}
      {marked.map((place) => (
        <text key={place} x={x(place)} y={HEIGHT - 8} textAnchor={place === 0 && marked.length > 1 ? "start" : place === shown.length - 1 && marked.length > 1 ? "end" : "middle"} opacity={0.85}>
          {words.moment(shown[place]?.at ?? "", false)}
        </text>
      ))}
    </svg>
  );
}
