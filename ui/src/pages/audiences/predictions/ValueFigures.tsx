import { Card } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Chart } from "@/results/Chart";
import { useFigures } from "@/results/figures";
import { Table } from "@/results/Table";
import type { ContractReport, Interval, Tier, ValueReport } from "./types";
import { useLevelName } from "./useLevelName";

/** What people will be worth, and how the model did on a time it did not know. */
export function ValueFigures({ report }: { report: ValueReport | ContractReport }) {
  const { t, i18n } = useTranslation();
  const figures = useFigures();
  const range = (interval: Interval | null) => (interval ? `${figures.compact(interval.value)}${interval.low === null ? "" : ` (${figures.compact(interval.low)} – ${figures.compact(interval.high)})`}` : "–");
  const total: [string, string][] =
    report.kind === "value"
      ? [
          [t("studies.predictions.totalValue", { days: report.horizon_days }), range(report.value)],
          [t("studies.predictions.purchases"), range(report.purchases)],
          [t("studies.predictions.aliveCount"), `${figures.number(Math.round(report.alive))} / ${figures.number(report.people)}`],
        ]
      : [
          [t("studies.predictions.totalValue", { days: report.horizon_days }), figures.compact(report.value)],
          [t("studies.predictions.aliveCount"), `${figures.number(report.there)} / ${figures.number(report.people)}`],
        ];
  const parameters = report.kind === "value" ? [...report.parameters, ...report.spend_parameters] : report.parameters;
  return (
    <div className="stack" style={{ gap: 16 }}>
      <Card size="small">
        <dl className="figures" style={{ margin: 0 }}>
          {total.map(([name, text]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd style={{ fontSize: 20 }}>{text}</dd>
            </div>
          ))}
        </dl>
      </Card>
      <div className="two-columns">
        <Card size="small" title={t("studies.predictions.backTest")}>
          <span style={{ fontSize: 13, opacity: 0.85 }}>{t("studies.predictions.backTestHint")}</span>
          {report.kind === "value" ? <Curve report={report} /> : <Renewals report={report} />}
          {report.kind === "value" && report.no_back_test && <p>{report.no_back_test[i18n.language]}</p>}
        </Card>
        <Tiers tiers={report.tiers} />
        <Card size="small" title={t("studies.predictions.parameters")} styles={{ body: { padding: 0 } }}>
          <Table
            rows={parameters}
            keyOf={(each) => each.name}
            columns={[
              { title: t("common.name"), key: "name", show: (each) => each.name },
              { title: t("insights.value"), key: "value", numeric: true, show: (each) => `${figures.number(each.value)}${each.error === null ? "" : ` ± ${figures.number(each.error)}`}` },
            ]}
          />
        </Card>
      </div>
    </div>
  );
}

function Tiers({ tiers }: { tiers: readonly Tier[] }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const nameOf = useLevelName();
  const all = tiers.reduce((sum, tier) => sum + tier.total, 0);
  return (
    <Card size="small" title={t("studies.predictions.tiers")} styles={{ body: { padding: 0 } }}>
      <Table
        rows={tiers}
        keyOf={(tier) => tier.value}
        columns={[
          { title: t("studies.predictions.level"), key: "value", show: (tier) => nameOf(tier.value) },
          { title: t("studies.people"), key: "people", numeric: true, show: (tier) => figures.number(tier.people) },
          { title: t("studies.predictions.least"), key: "least", numeric: true, show: (tier) => figures.number(tier.least) },
          { title: t("studies.predictions.expected"), key: "total", numeric: true, show: (tier) => `${figures.compact(tier.total)} · ${figures.percent(all ? tier.total / all : null)}` },
        ]}
      />
    </Card>
  );
}

function Curve({ report }: { report: ValueReport }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const option = useMemo(() => {
    const { curve, back_test } = report;
    const line = (name: string, data: (number | null)[], color: string, dashed = false) => ({ type: "line", name, data, showSymbol: false, itemStyle: { color }, lineStyle: { width: 2, type: dashed ? "dashed" : "solid" } });
    const forecast = line(t("studies.predictions.forecast"), curve.map((each) => each.forecast ?? each.expected), "#f2994a", true);
    return {
      grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
      legend: { top: 0 },
      tooltip: { trigger: "axis", confine: true, valueFormatter: (value: unknown) => figures.number(value as number | null) },
      xAxis: { type: "category", data: curve.map((each) => each.day) },
      yAxis: { type: "value", axisLabel: { formatter: (value: number) => figures.compact(value) } },
      series: [
        line(t("studies.predictions.actual"), curve.map((each) => each.actual), "#3355ff"),
        { ...forecast, ...(back_test ? { markLine: { silent: true, symbol: "none", label: { show: false }, data: [{ xAxis: nearest(curve.map((each) => each.day), back_test.cutoff) }] } } : {}) },
      ],
    };
  }, [report, figures, t]);
  return <Chart option={option} height={300} label={t("studies.predictions.backTest")} />;
}

function nearest(days: readonly string[], wanted: string): string {
  return days.findLast((day) => day <= wanted) ?? days[0] ?? wanted;
}

function Renewals({ report }: { report: ContractReport }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const option = useMemo(
    () => ({
      grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
      legend: { top: 0 },
      tooltip: { trigger: "axis", confine: true, valueFormatter: (value: unknown) => figures.percent(value as number | null) },
      xAxis: { type: "category", data: report.curve.map((each) => String(each.renewal)) },
      yAxis: { type: "value", max: 1, axisLabel: { formatter: (value: number) => figures.percent(value) } },
      series: [
        { type: "line", name: t("studies.predictions.actual"), showSymbol: false, data: report.curve.map((each) => each.observed) },
        { type: "line", name: t("studies.predictions.forecast"), showSymbol: false, lineStyle: { type: "dashed" }, data: report.curve.map((each) => each.survival) },
      ],
    }),
    [report, figures, t],
  );
  return <Chart option={option} height={300} label={t("studies.predictions.backTest")} />;
}
