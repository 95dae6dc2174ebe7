import { theme } from "antd";
import { useTranslation } from "react-i18next";
import type { Week } from "../common/types";

const WIDTH = 126;
const HEIGHT = 30;

/** Seven days as bars: who came in, and in front of it who reached the goal. */
export function WeekPicture({ week, name }: { week: Week | undefined; name: string }) {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const days = week?.days ?? [];
  const most = Math.max(1, ...days.flatMap((day) => [day.entered, day.converted]));
  const label = t("journeys.weekLabel", { name, days: days.map((day) => `${day.day} ${day.entered}/${day.converted}`).join(", ") });
  const tall = (count: number) => (count ? Math.max(2, (count / most) * (HEIGHT - 2)) : 0);
  return (
    <svg role="img" aria-label={label} width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
      <title>{label}</title>
      <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} stroke={token.colorBorder} />
      {days.map((day, place) => (
        <g key={day.day}>
          <rect x={place * 18 + 1} y={HEIGHT - 1 - tall(day.entered)} width={13} height={tall(day.entered)} rx={1.5} fill="#8da2ff" />
          <rect x={place * 18 + 4} y={HEIGHT - 1 - tall(day.converted)} width={7} height={tall(day.converted)} rx={1.5} fill="#0c8377" />
        </g>
      ))}
    </svg>
  );
}
