import { Card } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Mark, Moment, useWording } from "@/components/page";
import { Chart } from "@/results/Chart";
import { useFigures } from "@/results/figures";
import { Table } from "@/results/Table";
import { useProject } from "@/session/session";
import type { Course } from "../common/types";
import { useMetricFigures } from "../common/useMetricFigures";

interface Shown {
  course: Course;
  kind: string;
  name: string;
  variant?: string;
}

/** How the interval of one metric narrowed, as a picture and look by look. `variant`: its name, if not its key. */
export function CourseView(shown: Shown) {
  const { t } = useTranslation();
  return (
    <>
      <Card size="small" title={t("experiments.course.title")}>
        <div className="stack">
          <span style={{ fontSize: 13 }}>{t(shown.course.any_time ? "experiments.course.hint" : "experiments.course.onceHint")}</span>
          <Picture {...shown} />
        </div>
      </Card>
      <Looks {...shown} />
    </>
  );
}

function Picture({ course, kind, name, variant = course.variant }: Shown) {
  const { t } = useTranslation();
  const show = useMetricFigures(kind);
  const words = useWording(useProject().time_zone);
  const option = useMemo(() => {
    const points = course.points;
    const bounds = points.map((each) => each.narrowed ?? each.difference);
    const lows = bounds.map((each) => each?.low ?? null);
    const widths = bounds.map((each) => (each && each.low !== null && each.high !== null ? each.high - each.low : null));
    const hidden = { type: "line", stack: "band", stackStrategy: "all", symbol: "none", lineStyle: { opacity: 0 }, silent: true, tooltip: { show: false } };
    return {
      grid: { left: 8, right: 16, top: 16, bottom: 8, containLabel: true },
      tooltip: {
        trigger: "axis",
        confine: true,
        formatter: (items: { dataIndex: number }[]) => {
          const point = points[items[0]?.dataIndex ?? 0];
          const bound = point?.narrowed ?? point?.difference;
          if (!point || !bound) return "";
          return `${words.moment(point.at, false)}<br>${show.difference(bound.value)}<br>${show.difference(bound.low, -1)} … ${show.difference(bound.high, 1)}`;
        },
      },
      xAxis: { type: "category", boundaryGap: false, data: points.map((each) => words.moment(each.at, false)), axisLabel: { hideOverlap: true } },
      yAxis: { type: "value", axisLabel: { formatter: (value: number) => show.difference(value) } },
      series: [
        { ...hidden, name: "low", data: lows },
        { ...hidden, name: t("experiments.course.narrowed"), data: widths, areaStyle: { color: "#3355ff", opacity: 0.18 } },
        { type: "line", name: t("experiments.course.difference"), data: points.map((each) => each.difference?.value ?? null), symbolSize: 7, lineStyle: { width: 2, color: "#3355ff" }, itemStyle: { color: "#3355ff" }, markLine: { silent: true, symbol: "none", lineStyle: { type: "dashed", color: "#8a94a6" }, label: { show: false }, data: [{ yAxis: 0 }] } },
      ],
    };
  }, [course, show, words, t]);
  return <Chart option={option} height={300} label={t("experiments.course.label", { metric: name, variant })} />;
}

function Looks({ course, kind }: Shown) {
  const { t } = useTranslation();
  const figures = useFigures();
  const show = useMetricFigures(kind);
  const ends = (range: Course["points"][number]["difference"]) => (range ? `${show.difference(range.low, -1)} … ${show.difference(range.high, 1)}` : "–");
  return (
    <Card size="small" title={t("experiments.course.looks")} styles={{ body: { padding: 0 } }}>
      <Table<Course["points"][number]>
        rows={course.points.toReversed()}
        keyOf={(each) => each.at}
        columns={[
          { title: t("experiments.course.at"), key: "at", show: (each) => <Moment at={each.at} /> },
          { title: t("experiments.course.cause"), key: "cause", show: (each) => <Mark tone="quiet">{t(`experiments.one.causes.${each.cause as "member"}`)}</Mark> },
          { title: t("experiments.people"), key: "people", numeric: true, show: (each) => figures.number(each.people) },
          { title: t("experiments.course.difference"), key: "difference", numeric: true, show: (each) => show.difference(each.difference?.value) },
          { title: t("experiments.interval"), key: "interval", numeric: true, show: (each) => ends(each.difference) },
          ...(course.any_time ? [{ title: t("experiments.course.narrowed"), key: "narrowed", numeric: true, show: (each: Course["points"][number]) => ends(each.narrowed) }] : []),
        ]}
      />
    </Card>
  );
}
