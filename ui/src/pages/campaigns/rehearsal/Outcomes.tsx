import { Card, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Chart } from "@/results/Chart";
import type { Rehearsal } from "../shared/types";
import { useCampaignFigures } from "../shared/words";

const FIGURES = ["profit", "revenue", "incremental", "reached", "cost"] as const;
type Figure = (typeof FIGURES)[number];
const PEOPLE: readonly Figure[] = ["incremental", "reached"];

/** How outcomes are spread, as bars and in figures. */
export function Outcomes({ found }: { found: Rehearsal }) {
  const { t } = useTranslation();
  const [figure, setFigure] = useState<Figure>("profit");
  return (
    <Card size="small" title={t("campaigns.rehearsal.outcomes")} extra={<Segmented<Figure> size="small" aria-label={t("campaigns.rehearsal.outcomes")} value={figure} onChange={setFigure} options={FIGURES.map((value) => ({ value, label: t(`campaigns.rehearsal.figures.${value}`) }))} />}>
      <div className="two-columns">
        <Bars found={found} figure={figure} />
        <Table found={found} />
      </div>
    </Card>
  );
}

function Bars({ found, figure }: { found: Rehearsal; figure: Figure }) {
  const { t } = useTranslation();
  const { money, whole, compact, percent } = useCampaignFigures();
  const show = PEOPLE.includes(figure) ? whole : money;
  const range = found[figure];
  const all = range.counts.reduce((sum, each) => sum + each, 0);
  const middle = (place: number) => ((range.edges[place] ?? 0) + (range.edges[place + 1] ?? 0)) / 2;
  const data = range.counts.map((count, place) => ({ value: [middle(place), count / all], itemStyle: { color: figure === "profit" && middle(place) < 0 ? "#d9480f" : "#3355ff" } }));
  const option = {
    grid: { left: 56, right: 24, top: 34, bottom: 34 },
    tooltip: {
      trigger: "item",
      formatter: ({ dataIndex }: { dataIndex: number }) => t("campaigns.rehearsal.bar", { from: show(range.edges[dataIndex]), to: show(range.edges[dataIndex + 1]), share: percent((range.counts[dataIndex] ?? 0) / all) }),
    },
    xAxis: { type: "value", scale: true, min: range.edges[0], max: range.edges.at(-1), axisLabel: { formatter: (value: number) => compact(value), showMinLabel: true, hideOverlap: true }, splitLine: { show: false } },
    yAxis: { type: "value", axisLabel: { formatter: (value: number) => percent(value) } },
    series: [
      {
        type: "bar",
        data,
        barWidth: "94%",
        markLine: {
          symbol: "none",
          silent: true,
          data: [
            { xAxis: range.quantiles[2], label: { formatter: t("campaigns.rehearsal.median", { value: show(range.quantiles[2]) }) }, lineStyle: { color: "#0f8a7c", width: 2 } },
            ...(figure === "profit" ? [{ xAxis: 0, label: { show: false }, lineStyle: { color: "#cf222e", type: "solid" } }] : []),
          ],
        },
      },
    ],
  };
  return <Chart option={option} height={280} label={t("campaigns.rehearsal.picture", { figure: t(`campaigns.rehearsal.figures.${figure}`), low: show(range.quantiles[0]), middle: show(range.quantiles[2]), high: show(range.quantiles[4]) })} />;
}

function Table({ found }: { found: Rehearsal }) {
  const { t } = useTranslation();
  const { money, whole, percent } = useCampaignFigures();
  return (
    <div className="scroll-x">
      <table className="figure-table" aria-label={t("campaigns.rehearsal.outcomes")}>
        <thead>
          <tr>
            <th>{t("campaigns.rehearsal.figure")}</th>
            {[5, 25, 50, 75, 95].map((each) => (
              <th key={each}>{each}%</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {FIGURES.map((figure) => (
            <tr key={figure}>
              <td>{t(`campaigns.rehearsal.figures.${figure}`)}</td>
              {found[figure].quantiles.map((each, place) => (
                <td key={place}>{PEOPLE.includes(figure) ? whole(each) : money(each)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p style={{ fontSize: 13, opacity: 0.88 }}>{t("campaigns.rehearsal.assumed", { count: found.people, people: whole(found.people), conversion: percent(found.conversion), reach: percent(found.reach), lift: percent(found.lift), several: percent(found.lift_of_all_messages) })}</p>
    </div>
  );
}
