import { useTranslation } from "react-i18next";
import type { Interval, Report } from "../shared/types";
import { useCampaignFigures } from "../shared/words";
import { scaleOf } from "./scale";

const COLORS = { better: "#16824e", worse: "#cf222e", unclear: "#56607a", none: "#56607a" } as const;
const WIDTH = 220;

/** Effects with their intervals as lines beside the figures. */
export function EffectTable({ report }: { report: Report }) {
  const { t } = useTranslation();
  const { points, money, percent, span } = useCampaignFigures();
  const labels = new Map(report.arms.map((each) => [each.name, each.label || each.name]));
  return (
    <table className="figure-table">
      <thead>
        <tr>
          <th>{t("campaigns.report.arm")}</th>
          <th>{t("campaigns.report.measure")}</th>
          <th>{t("campaigns.report.difference")}</th>
          <th>{t("campaigns.report.interval")}</th>
          <th style={{ textAlign: "center" }}>{t("campaigns.report.picture")}</th>
          <th>{t("campaigns.report.relative")}</th>
          <th>p</th>
          <th>{t("campaigns.report.verdict")}</th>
        </tr>
      </thead>
      <tbody>
        {report.effects.map((each) => {
          const show = each.measure === "conversion" ? points : money;
          const alike = report.effects.filter((other) => other.measure === each.measure).flatMap((other) => (other.difference ? [other.difference] : []));
          return (
            <tr key={`${each.arm} ${each.measure}`}>
              <td>{each.arm === "all" ? t("campaigns.report.all") : (labels.get(each.arm) ?? each.arm)}</td>
              <td style={{ textAlign: "start" }}>{t(`campaigns.report.measures.${each.measure}`)}</td>
              <td>{show(each.difference?.value)}</td>
              <td>{span(each.difference, show)}</td>
              <td style={{ padding: "2px 10px" }}>{each.difference && <Line of={each.difference} alike={alike} color={COLORS[each.verdict]} />}</td>
              <td>{percent(each.relative?.value)}</td>
              <td>{each.p_value === null ? "–" : each.p_value < 0.001 ? "< 0.001" : each.p_value.toFixed(3)}</td>
              <td>{t(`campaigns.report.effectVerdicts.${each.verdict}`)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** An interval on a line that all of its kind share; the upright is 0. */
function Line({ of, alike, color }: { of: Interval; alike: Interval[]; color: string }) {
  const x = scaleOf(alike.flatMap((each) => [each.value, each.low ?? each.value, each.high ?? each.value]), 6, WIDTH - 6);
  return (
    <svg viewBox={`0 0 ${WIDTH} 22`} width={WIDTH} height={22} aria-hidden>
      <line x1={x(0)} x2={x(0)} y1={0} y2={22} stroke="currentColor" strokeOpacity={0.5} />
      <line x1={x(of.low ?? of.value)} x2={x(of.high ?? of.value)} y1={11} y2={11} stroke={color} strokeWidth={3} strokeLinecap="round" />
      <circle cx={x(of.value)} cy={11} r={5} fill={color} />
    </svg>
  );
}
