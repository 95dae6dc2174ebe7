import { Alert, Button, Card, Slider } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { useAction } from "@/components/page";
import { Chart } from "@/results/Chart";
import { useMay, useProject } from "@/session/session";
import type { Campaign, Preflight } from "../shared/types";
import { useCampaignFigures } from "../shared/words";

type Power = NonNullable<Preflight["power"]>;
type Point = Power["by_holdout"][number];

/** The point whose share is nearest. */
export function nearest(points: readonly Point[], share: number): Point | undefined {
  return points.toSorted((one, other) => Math.abs(one.share - share) - Math.abs(other.share - share))[0];
}

/** The smallest effect that this many people and this holdout can show, and others. */
export function PowerCard({ campaign, found }: { campaign: Campaign; found: Preflight }) {
  const { t } = useTranslation();
  if (!found.power) {
    return (
      <Card size="small" title={t("campaigns.power.title")}>
        {t("campaigns.power.unknown")}
      </Card>
    );
  }
  return <Shown campaign={campaign} power={found.power} />;
}

function Shown({ campaign, power }: { campaign: Campaign; power: Power }) {
  const { t } = useTranslation();
  const figures = useCampaignFigures();
  const planned = campaign.plan.holdout?.share ?? 0.1;
  const [share, setShare] = useState(planned);
  const people = power.treated + power.held_out;
  // Of the share that is planned it is known how many are really drawn.
  const drawn: Point = { share: planned, smallest_effect: power.smallest_effect, needed: power.needed };
  const point = share === planned && power.held_out > 0 ? drawn : nearest(power.by_holdout, share);
  const shows = point?.smallest_effect != null && power.expected_effect !== null && point.smallest_effect <= power.expected_effect;
  const held = point === drawn ? power.held_out : Math.round(people * (point?.share ?? 0));
  return (
    <Card size="small" title={t("campaigns.power.title")}>
      <div className="two-columns">
        <div className="stack">
          <dl className="report-figures" style={{ margin: 0 }}>
            <Figure name={t("campaigns.power.smallest")} value={figures.points(point?.smallest_effect, false)} testId="smallest" />
            <Figure name={t("campaigns.power.expected")} value={figures.points(power.expected_effect, false)} />
            <Figure name={t("campaigns.power.needed")} value={figures.number(point?.needed)} hint={t("campaigns.power.have", { people: figures.number(people) })} />
            <Figure name={t("campaigns.power.baseline")} value={figures.percent(power.baseline)} />
          </dl>
          <div>
            <span id="power-share">{t("campaigns.power.slider", { share: figures.percent(point?.share), held: figures.number(held), treated: figures.number(people - held) })}</span>
            <Slider ariaLabelledByForHandle="power-share" min={1} max={50} value={Math.round(share * 100)} onChange={(value) => setShare(value / 100)} tooltip={{ formatter: (value) => `${value}%` }} />
          </div>
          {power.expected_effect !== null && <Alert type={shows ? "success" : "warning"} showIcon title={t(shows ? "campaigns.power.enough" : "campaigns.power.small")} />}
          <Apply campaign={campaign} share={point?.share ?? planned} planned={planned} />
        </div>
        <Curve power={power} share={point?.share ?? planned} />
      </div>
    </Card>
  );
}

function Figure({ name, value, hint, testId }: { name: string; value: string; hint?: string; testId?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <strong data-testid={testId}>{value}</strong>
        {hint && <small>{hint}</small>}
      </dd>
    </div>
  );
}

/** Takes the share that was tried into the plan; a draft's only. */
function Apply({ campaign, share, planned }: { campaign: Campaign; share: number; planned: number }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const { percent } = useCampaignFigures();
  const may = useMay("edit_insights");
  const save = useAction(
    () =>
      taken(api.PATCH("/api/projects/{project_id}/campaigns/{campaign_id}", { params: { path: { project_id, campaign_id: campaign.id } }, body: { plan: { ...campaign.plan, holdout: { respect_global: true, ...campaign.plan.holdout, share } } as never, revision: campaign.revision } })),
    { done: t("common.saved"), refresh: [["campaigns", project_id]] },
  );
  if (!may || campaign.status !== "draft" || share === planned) return null;
  return (
    <div>
      <Button loading={save.isPending} onClick={() => save.mutate()}>
        {t("campaigns.power.take", { share: percent(share) })}
      </Button>
    </div>
  );
}

function Curve({ power, share }: { power: Power; share: number }) {
  const { t } = useTranslation();
  const { percent } = useCampaignFigures();
  const points = power.by_holdout.filter((each) => each.smallest_effect !== null);
  const near = nearest(points, share);
  const inPoints = (value: number | null) => (value === null ? null : Math.round(value * 1e4) / 100);
  const expected = inPoints(power.expected_effect);
  const option = {
    grid: { left: 50, right: 20, top: 30, bottom: 44 },
    tooltip: { trigger: "axis", valueFormatter: (value: unknown) => t("campaigns.points", { value: String(value) }) },
    xAxis: { type: "category", name: t("campaigns.power.share"), nameLocation: "middle", nameGap: 28, data: points.map((each) => percent(each.share)) },
    yAxis: { type: "value", name: t("campaigns.power.axis"), min: 0 },
    series: [
      {
        type: "line",
        name: t("campaigns.power.smallest"),
        smooth: true,
        showSymbol: true,
        symbolSize: (_: unknown, { dataIndex }: { dataIndex: number }) => (points[dataIndex] === near ? 12 : 4),
        data: points.map((each) => inPoints(each.smallest_effect)),
        markLine: expected === null ? undefined : { silent: true, symbol: "none", data: [{ yAxis: expected }], label: { formatter: t("campaigns.power.expected"), position: "insideEndTop" }, lineStyle: { color: "#0f8a7c" } },
      },
    ],
  };
  return <Chart option={option} height={260} label={t("campaigns.power.curve")} />;
}
