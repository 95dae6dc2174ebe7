import { Alert, Card } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Chart } from "@/results/Chart";
import { useFigures } from "@/results/figures";
import type { StageTag } from "../tags/types";
import type { Returns } from "./types";

/** The chance to come back after so many days away, with the lines of the definition on it. */
export function ReturnCurve({ returns, definition }: { returns: Returns; definition: StageTag }) {
  const { t, i18n } = useTranslation();
  const figures = useFigures();
  const { dormant_after_days, lost_after_days } = definition;
  const refused = i18n.language === "zh" ? returns.refused_zh : returns.refused_en;
  const option = useMemo(() => {
    const known = returns.absences.filter((each) => each.chance !== null);
    const mark = (days: number, stage: "dormant" | "lost") => ({ xAxis: days, name: stage, label: { formatter: `${t(`tagging.valueNames.${stage}`)} ${days}`, position: "insideEndTop", rotate: 0, color: "inherit" } });
    const most = Math.max(lost_after_days * 1.25, 10);
    const shown = known.filter((each) => each.days <= most * 1.6);
    return {
      grid: { left: 8, right: 24, top: 28, bottom: 8, containLabel: true },
      tooltip: { trigger: "axis", confine: true, formatter: ([first]: { data: [number, number] }[]) => (first ? `${figures.number(first.data[0])}: ${figures.percent(first.data[1])}` : "") },
      xAxis: { type: "value", min: 0, axisLabel: { formatter: (value: number) => figures.number(value) }, splitLine: { show: false } },
      yAxis: { type: "value", min: 0, max: 1, axisLabel: { formatter: (value: number) => figures.percent(value) } },
      series: [
        { type: "line", stack: "band", silent: true, symbol: "none", lineStyle: { opacity: 0 }, data: shown.map((each) => [each.days, each.low ?? each.chance]), tooltip: { show: false } },
        { type: "line", stack: "band", silent: true, symbol: "none", lineStyle: { opacity: 0 }, areaStyle: { color: "#3355ff", opacity: 0.14 }, data: shown.map((each) => [each.days, (each.high ?? each.chance ?? 0) - (each.low ?? each.chance ?? 0)]) },
        {
          type: "line",
          name: t("studies.lifecycle.chance"),
          symbol: "none",
          lineStyle: { width: 2.5, color: "#3355ff" },
          data: shown.map((each) => [each.days, each.chance]),
          markLine: { silent: true, symbol: "none", lineStyle: { type: "dashed", color: "#f2994a", width: 1.5 }, data: [mark(dormant_after_days, "dormant"), mark(lost_after_days, "lost")] },
        },
      ],
    };
  }, [returns, dormant_after_days, lost_after_days, figures, t]);
  const { suggested } = returns;
  return (
    <Card size="small" title={t("studies.lifecycle.curve")}>
      <div className="stack" style={{ gap: 8 }}>
        <span style={{ fontSize: 13, opacity: 0.85 }}>{t("studies.lifecycle.curveHint", { days: returns.within_days })}</span>
        {refused ? <Alert type="info" showIcon title={refused} /> : <Chart option={option} height={280} label={t("studies.lifecycle.curve")} />}
        <span>
          {t("studies.lifecycle.suggested", { dormant: suggested.dormant_after_days, lost: suggested.lost_after_days, growing: suggested.growing_from, mature: suggested.mature_from, window: suggested.window_days })} ({t(`studies.lifecycle.because.${returns.dormant_because}`)})
        </span>
      </div>
    </Card>
  );
}
