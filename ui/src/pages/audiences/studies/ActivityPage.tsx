import { Card, Collapse, Spin } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { PageFrame } from "@/components/page";
import { Waiting } from "@/components/Waiting";
import { Chart, COLORS, type Picked } from "@/results/Chart";
import { useFigures } from "@/results/figures";
import { Clickable } from "@/results/Table";
import { useFreshWindow } from "../conditions/useFreshWindow";
import { useSettled } from "../conditions/useEstimate";
import { freshTag } from "../tags/making";
import { readyTag } from "../tags/ready";
import { ScoreFields } from "../tags/ScoreFields";
import type { ScoreTag, TierTag } from "../tags/types";
import { usePartName } from "../tags/usePartName";
import { useValueName } from "../tags/useValueName";
import { useStudy } from "./ask";
import { SaveTag } from "./SaveTag";
import { type Shown, StudyPeople } from "./StudyPeople";
import { useTagsOfKind } from "./useTagsOfKind";
import "../audiences.css";

interface Sizes {
  people: number;
  mean: number | null;
  people_by_score: number[];
  tiers: { name: string; from_score: number; people: number }[];
  parts: { name: string; cap: number; mean_points: number; most: number }[];
}

/** Everyone's activity score: how it is spread, its tiers, and what gives the points. */
export function ActivityPage() {
  const { tags, ready } = useTagsOfKind("activity_tier", "activity_score");
  // Before it is known what is kept, nothing is asked.
  return ready ? <Scores kept={tags[0]?.definition as ScoreTag | TierTag | undefined} /> : <Waiting />;
}

function Scores({ kept }: { kept: ScoreTag | TierTag | undefined }) {
  const { t } = useTranslation();
  const window = useFreshWindow();
  const [typed, type] = useState<ScoreTag | null>(null);
  const [shown, show] = useState<Shown | null>(null);
  const names = (["activityKinds.active", "frequency", "event"] as const).map((name) => t(`tagging.editor.${name}`));
  const score = typed ?? (kept ? (kept.kind === "activity_tier" ? kept.score : kept) : (freshTag("activity_score", window, names) as ScoreTag));
  const sent = useSettled(readyTag(score) as ScoreTag | null);
  const answer = useStudy<Sizes>("activity/sizes", sent);
  return (
    <PageFrame title={t("studies.activity.title")} hint={t("studies.activity.hint")} extra={sent && (!kept || typed) && <SaveTag name={t("studies.activity.saveName")} definition={{ kind: "activity_tier", score: sent }} />}>
      <Collapse size="small" items={[{ key: "definition", label: t("studies.definition"), children: <ScoreFields value={score} onChange={type} /> }]} />
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {answer.isPending && <Spin style={{ padding: 48 }} />}
      {answer.data && sent && !answer.error && <Answer sizes={answer.data} score={sent} show={show} />}
      <StudyPeople shown={shown} close={() => show(null)} />
    </PageFrame>
  );
}

function Answer({ sizes, score, show }: { sizes: Sizes; score: ScoreTag; show: (shown: Shown) => void }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const nameOf = useValueName("activity_tier");
  const partName = usePartName();
  if (!sizes.people) return <Empty title={t("studies.noData")} />;
  const people = (low: number, high: number, title: string) => show({ title, path: "activity/people", body: { score, low, high } });
  const tierOf = (at: number) => sizes.tiers.findLastIndex((tier) => at >= tier.from_score);
  const option = {
    grid: { left: 8, right: 16, top: 16, bottom: 8, containLabel: true },
    tooltip: { trigger: "axis", confine: true, valueFormatter: (value: unknown) => figures.number(value as number) },
    xAxis: { type: "category", data: sizes.people_by_score.map((_, at) => String(at)) },
    yAxis: { type: "value", axisLabel: { formatter: (value: number) => figures.compact(value) } },
    series: [{ type: "bar", name: t("studies.people"), barCategoryGap: "12%", data: sizes.people_by_score.map((value, at) => ({ value, itemStyle: { color: COLORS[Math.max(0, tierOf(at)) % COLORS.length] } })) }],
  };
  const pick = ({ dataIndex }: Picked) => people(dataIndex, dataIndex, `${t("studies.activity.score")} ${dataIndex}`);
  return (
    <>
      <Card size="small" title={t("studies.activity.tiers")}>
        <dl className="figures" style={{ margin: 0 }}>
          <div>
            <dt>{t("studies.people")}</dt>
            <dd>{figures.number(sizes.people)}</dd>
          </div>
          <div>
            <dt>{t("studies.activity.mean")}</dt>
            <dd>{figures.number(sizes.mean)}</dd>
          </div>
          {sizes.tiers.map((tier, place) => (
            <div key={tier.name} style={{ borderInlineStart: `4px solid ${COLORS[place % COLORS.length]}`, paddingInlineStart: 10 }}>
              <dt>
                {nameOf(tier.name)} · {t("studies.activity.from", { score: tier.from_score })}
              </dt>
              <dd>
                <Clickable label={`${nameOf(tier.name)}: ${tier.people}`} onClick={tier.people ? () => people(tier.from_score, (sizes.tiers[place + 1]?.from_score ?? 101) - 1, nameOf(tier.name)) : undefined}>
                  {figures.number(tier.people)}
                </Clickable>{" "}
                <small style={{ fontSize: 13, fontWeight: 400 }}>{figures.percent(tier.people / sizes.people)}</small>
              </dd>
            </div>
          ))}
        </dl>
      </Card>
      <div className="two-columns">
        <Card size="small" title={t("studies.activity.distribution")}>
          <Chart option={option} height={280} label={t("studies.activity.distribution")} onPick={pick} />
        </Card>
        <Card size="small" title={t("studies.activity.parts")}>
          <div className="stack">
            {sizes.parts.map((part) => (
              <div key={part.name}>
                <div className="row between">
                  <strong>{partName(part.name)}</strong>
                  <span className="figure" style={{ fontSize: 13 }}>
                    {t("studies.activity.partHint", { mean: figures.number(part.mean_points), most: figures.number(Math.round(part.most * 10) / 10), cap: figures.number(part.cap) })}
                  </span>
                </div>
                <div className="share-bar" aria-hidden>
                  <div style={{ width: `${part.most ? (part.mean_points / part.most) * 100 : 0}%` }} />
                </div>
              </div>
            ))}
          </div>
        </Card>
      </div>
    </>
  );
}
