import { Card, Tooltip } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Chart } from "@/results/Chart";
import { useFigures } from "@/results/figures";
import { Table } from "@/results/Table";
import type { Interval, RiskReport } from "./types";
import { useLevelName } from "./useLevelName";

/** How good a model of risk is: on a later time than it learned from. */
export function RiskFigures({ report }: { report: RiskReport }) {
  const { t, i18n } = useTranslation();
  const figures = useFigures();
  const nameOf = useLevelName();
  const { test, baseline } = report;
  const with95 = (interval: Interval) => `${figures.number(interval.value)}${interval.low === null ? "" : ` (${figures.number(interval.low)} – ${figures.number(interval.high)})`}`;
  const shown = [
    ["auc", with95(test.auc), t("studies.predictions.aucHint")],
    ["lift", with95(test.lift), t("studies.predictions.liftHint")],
    ["ap", figures.number(test.average_precision), undefined],
    ["brier", figures.number(Math.round(test.brier * 10_000) / 10_000), undefined],
    ["rate", figures.percent(test.people ? test.left / test.people : null), undefined],
  ] as const;
  return (
    <div className="stack" style={{ gap: 16 }}>
      <Card size="small">
        <dl className="figures" style={{ margin: 0 }}>
          {shown.map(([name, text, hint]) => (
            <div key={name}>
              <dt>
                <Tooltip title={hint}>{t(`studies.predictions.${name}`)}</Tooltip>
              </dt>
              <dd style={{ fontSize: 19 }}>{text}</dd>
            </div>
          ))}
        </dl>
        {baseline && <p style={{ margin: "10px 0 0" }}>{t("studies.predictions.baseline", { feature: featureName(report, baseline.feature, i18n.language), auc: figures.number(baseline.auc.value), better: t(baseline.better ? "studies.predictions.better" : "studies.predictions.notBetter") })}</p>}
      </Card>
      <div className="two-columns">
        <Calibration report={report} />
        <Card size="small" title={t("studies.predictions.levels")} styles={{ body: { padding: 0 } }}>
          <Table
            rows={report.levels}
            keyOf={(level) => level.value}
            columns={[
              { title: t("studies.predictions.level"), key: "value", show: (level) => nameOf(level.value) },
              { title: t("studies.people"), key: "people", numeric: true, show: (level) => figures.number(level.people) },
              { title: t("studies.predictions.least"), key: "least", numeric: true, show: (level) => figures.percent(level.least) },
            ]}
          />
        </Card>
        <Card size="small" title={t("studies.predictions.featuresUsed")} styles={{ body: { padding: 0 } }}>
          <Table
            rows={[...report.features].sort((one, other) => Math.abs(other.auc - 0.5) - Math.abs(one.auc - 0.5))}
            keyOf={(feature) => feature.name}
            pageSize={8}
            columns={[
              { title: t("studies.predictions.featuresUsed"), key: "name", show: (feature) => (i18n.language === "zh" ? feature.zh : feature.en) },
              { title: t("studies.predictions.alone"), key: "auc", numeric: true, show: (feature) => figures.number(feature.auc) },
            ]}
          />
        </Card>
        {report.windows.length > 0 && (
          <Card size="small" title={t("studies.predictions.windows")} styles={{ body: { padding: 0 } }}>
            <Table
              rows={report.windows}
              keyOf={(window) => window.cutoff}
              columns={[
                { title: t("studies.predictions.cutoff"), key: "cutoff", show: (window) => `${window.cutoff} → ${window.until}` },
                { title: t("studies.people"), key: "people", numeric: true, show: (window) => figures.number(window.people) },
                { title: t("studies.predictions.rate"), key: "left", numeric: true, show: (window) => figures.percent(window.people ? window.left / window.people : null) },
                { title: t("studies.predictions.usedAs"), key: "used", show: (window) => t(`studies.predictions.usedFor.${window.used_for}`) },
              ]}
            />
          </Card>
        )}
      </div>
    </div>
  );
}

function featureName(report: RiskReport, name: string, language: string): string {
  const found = report.features.find((each) => each.name === name);
  return (language === "zh" ? found?.zh : found?.en) ?? name;
}

function Calibration({ report }: { report: RiskReport }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const points = report.test.calibration;
  const option = useMemo(() => {
    const most = Math.min(1, Math.max(0.1, ...points.flatMap((point) => [point.predicted, point.high])) * 1.05);
    const axis = { type: "value", min: 0, max: most, axisLabel: { formatter: (value: number) => figures.percent(value) } };
    return {
      grid: { left: 8, right: 24, top: 34, bottom: 26, containLabel: true },
      tooltip: { trigger: "item", confine: true },
      xAxis: { ...axis, name: t("studies.predictions.predicted"), nameLocation: "middle", nameGap: 26 },
      yAxis: { ...axis, name: t("studies.predictions.observed"), nameLocation: "end" },
      series: [
        { type: "line", silent: true, symbol: "none", lineStyle: { type: "dashed", color: "#8a94a6" }, data: [[0, 0], [most, most]] },
        ...points.map((point) => ({ type: "line", silent: true, symbol: "none", lineStyle: { color: "#3355ff", opacity: 0.55, width: 2 }, data: [[point.predicted, point.low], [point.predicted, point.high]] })),
        {
          type: "line",
          symbolSize: 9,
          lineStyle: { opacity: 0.35 },
          itemStyle: { color: "#3355ff" },
          data: points.map((point) => ({ value: [point.predicted, point.observed], tooltip: { formatter: `${figures.percent(point.predicted)} → ${figures.percent(point.observed)} (${figures.percent(point.low)} – ${figures.percent(point.high)}) · ${figures.number(point.people)}` } })),
        },
      ],
    };
  }, [points, figures, t]);
  return (
    <Card size="small" title={t("studies.predictions.calibration")}>
      <span style={{ fontSize: 13, opacity: 0.85 }}>{t("studies.predictions.calibrationHint")}</span>
      <Chart option={option} height={300} label={t("studies.predictions.calibration")} />
    </Card>
  );
}
