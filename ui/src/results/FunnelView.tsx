import { Segmented } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { COLORS, Chart, type Picked } from "./Chart";
import { useFigures, useGroupName } from "./figures";
import { Clickable, Table } from "./Table";
import { grid } from "./trendOption";
import type { FunnelResult, ViewProps } from "./types";

type Group = NonNullable<FunnelResult["overall"]>;
type Step = Group["steps"][number];

/** A funnel as bars with who dropped off, by group, over time, and how long people took. */
export function FunnelView({ result, chart, height, onSelect, small }: ViewProps<FunnelResult>) {
  const { t } = useTranslation();
  const groupName = useGroupName();
  const groups: Group[] = [...(result.overall ? [result.overall] : []), ...result.segments];
  const [shown, setShown] = useState(0);
  const chosen = groups[Math.min(shown, groups.length - 1)];
  const select = (group: Group, step: number, outcome: "reached" | "dropped") =>
    onSelect?.({ step, outcome, breakdown: group.breakdown ?? null }, `${groupName(group.breakdown)} · ${group.steps[step - 1]?.name ?? ""} · ${t(`insights.outcomes.${outcome}`)}`);
  if (!chosen) return null;
  return (
    <div className="stack" style={{ gap: 20 }}>
      {groups.length > 1 && (
        <div style={{ overflowX: "auto" }}>
          <Segmented<number> size="small" value={shown} onChange={setShown} options={groups.map((group, place) => ({ value: place, label: groupName(group.breakdown) }))} />
        </div>
      )}
      {chart !== "table" && <Bars group={chosen} height={height} onSelect={onSelect && ((step, outcome) => select(chosen, step, outcome))} />}
      {!small && (groups.length > 1 || chart === "table") && <Comparison groups={groups} onSelect={onSelect && select} />}
      {chosen.over_time.length > 0 && <OverTime result={result} groups={groups} height={height} onSelect={onSelect} />}
      {!small && chosen.times.length > 0 && <Times group={chosen} onSelect={onSelect} />}
    </div>
  );
}

function Bars({ group, height, onSelect }: { group: Group; height: number; onSelect?: (step: number, outcome: "reached" | "dropped") => void }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const most = Math.max(1, ...group.steps.map((step) => step.people));
  const room = Math.max(120, height - 110);
  return (
    <ol className="funnel" aria-label={t("insights.kinds.funnel")}>
      {group.steps.map((step) => (
        <li key={step.step}>
          <div className="funnel-name" title={step.name}>
            <span className="badge">{step.step}</span> {step.name}
            {step.optional && <small> ({t("insights.optional")})</small>}
          </div>
          <div className="funnel-column" style={{ height: room }}>
            <button type="button" disabled={!onSelect} className="funnel-bar" style={{ height: `${Math.max(0.6, (step.people / most) * 100)}%` }} aria-label={`${step.name} ${figures.number(step.people)}`} onClick={() => onSelect?.(step.step, "reached")} />
          </div>
          <div className="figure">
            <strong>{figures.percent(step.conversion)}</strong> <Clickable onClick={onSelect && (() => onSelect(step.step, "reached"))}>{figures.number(step.people)}</Clickable>
          </div>
          <small className="figure">
            {step.step > 1 && !step.optional && (
              <>
                ↓ <Clickable onClick={onSelect && (() => onSelect(step.step, "dropped"))}>{t("insights.droppedCount", { count: step.dropped, text: figures.number(step.dropped) })}</Clickable>
                {" · "}
                {t("insights.fromPrevious", { percent: figures.percent(step.step_conversion) })}
              </>
            )}
            &nbsp;
          </small>
        </li>
      ))}
    </ol>
  );
}

function Comparison({ groups, onSelect }: { groups: Group[]; onSelect?: (group: Group, step: number, outcome: "reached" | "dropped") => void }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const groupName = useGroupName();
  const steps: Step[] = groups[0]?.steps ?? [];
  return (
    <Table<Group>
      rows={groups}
      keyOf={(group) => JSON.stringify(group.breakdown ?? "all")}
      columns={[
        { title: t("insights.group"), key: "group", show: (group) => groupName(group.breakdown), fixed: true },
        ...steps.map((step, at) => ({
          title: `${step.step}. ${step.name}`,
          key: String(step.step),
          numeric: true,
          by: (group: Group) => group.steps[at]?.people ?? null,
          show: (group: Group) => (
            <span>
              <Clickable onClick={onSelect && (() => onSelect(group, step.step, "reached"))}>{figures.number(group.steps[at]?.people)}</Clickable>{" "}
              <small>{figures.percent(group.steps[at]?.conversion)}</small>
            </span>
          ),
        })),
        {
          title: t("insights.againstRest"),
          key: "difference",
          numeric: true,
          by: (group) => group.difference?.difference ?? null,
          show: (group) => {
            const found = group.difference;
            if (found?.difference == null) return "–";
            const clear = (found.adjusted_p_value ?? 1) < 0.05;
            return (
              <span style={{ fontWeight: clear ? 600 : 400 }} title={`p = ${found.adjusted_p_value?.toPrecision(2) ?? "–"}`}>
                {found.difference > 0 ? "+" : ""}
                {figures.percent(found.difference)} [{figures.percent(found.low)}, {figures.percent(found.high)}]{clear ? " ✓" : ""}
              </span>
            );
          },
        },
      ]}
    />
  );
}

function OverTime({ result, groups, height, onSelect }: { result: FunnelResult; groups: Group[]; height: number; onSelect?: ViewProps<FunnelResult>["onSelect"] }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const groupName = useGroupName();
  const option = useMemo(
    () => ({
      grid: grid(groups.length > 1),
      tooltip: { trigger: "axis", confine: true, valueFormatter: (value: unknown) => figures.percent(value as number) },
      legend: { type: "scroll", top: 0, show: groups.length > 1 },
      xAxis: { type: "category", data: (groups[0]?.over_time ?? []).map((each) => figures.bucket(each.bucket, result.interval as "day")) },
      yAxis: { type: "value", axisLabel: { formatter: (value: number) => figures.percent(value) } },
      series: groups.map((group) => ({ type: "line", name: groupName(group.breakdown), data: group.over_time.map((each) => each.conversion) })),
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [result, figures],
  );
  const onPick = ({ seriesIndex, dataIndex }: Picked) => {
    const group = groups[seriesIndex];
    const bucket = group?.over_time[dataIndex];
    if (group && bucket) onSelect?.({ step: group.steps.length, bucket: bucket.bucket, breakdown: group.breakdown ?? null }, `${groupName(group.breakdown)} · ${bucket.bucket}`);
  };
  return (
    <section>
      <strong>{t("insights.overTime")}</strong>
      <Chart option={option} height={Math.min(height, 260)} label={t("insights.overTime")} onPick={onSelect && onPick} />
    </section>
  );
}

function Times({ group, onSelect }: { group: Group; onSelect?: ViewProps<FunnelResult>["onSelect"] }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const whole = group.times.find((each) => each.from_step === 1 && each.to_step === group.steps.length) ?? group.times[0];
  const option = useMemo(
    () => ({
      grid: grid(false),
      tooltip: { trigger: "axis", confine: true },
      xAxis: { type: "category", data: (whole?.bins ?? []).map((bin) => `${figures.duration(bin.from_seconds)} –`) },
      yAxis: { type: "value" },
      series: [{ type: "bar", barCategoryGap: "8%", data: (whole?.bins ?? []).map((bin) => bin.people), itemStyle: { color: COLORS[1] } }],
    }),
    [whole, figures],
  );
  return (
    <section className="stack">
      <strong>{t("insights.conversionTime")}</strong>
      {whole && <Chart option={option} height={200} label={t("insights.conversionTime")} onPick={onSelect && (({ dataIndex }) => onSelect({ step: whole.to_step, bin: dataIndex }, `${t("insights.conversionTime")} ${figures.duration(whole.bins[dataIndex]?.from_seconds)}`))} />}
      <Table
        rows={group.times}
        keyOf={(each) => `${each.from_step}-${each.to_step}`}
        columns={[
          { title: t("insights.steps"), key: "steps", show: (each) => `${each.from_step} → ${each.to_step}` },
          { title: t("insights.measures.people"), key: "people", numeric: true, show: (each) => figures.number(each.people) },
          { title: t("insights.median"), key: "median", numeric: true, show: (each) => figures.duration(each.median_seconds) },
          { title: t("insights.mean"), key: "mean", numeric: true, show: (each) => figures.duration(each.mean_seconds) },
        ]}
      />
    </section>
  );
}
