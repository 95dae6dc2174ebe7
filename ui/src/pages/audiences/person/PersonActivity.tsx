import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/types";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { Mark, useWording } from "@/components/page";
import { Waiting } from "@/components/Waiting";
import { send } from "@/query/requests";
import { Chart } from "@/results/Chart";
import { useFigures } from "@/results/figures";
import { useProject } from "@/session/session";
import { useTagsOfKind } from "../studies/useTagsOfKind";
import type { ScoreTag, TierTag } from "../tags/types";
import { usePartName } from "../tags/usePartName";
import { useValueName } from "../tags/useValueName";
import "../audiences.css";

type Answer = Schemas["PersonActivity"];

/** How active a person is, what the score is made of, and how it went. */
export function PersonActivity({ reference }: { reference: string }) {
  const { t } = useTranslation();
  const { id } = useProject();
  const { tags, ready } = useTagsOfKind("activity_tier", "activity_score");
  const tag = tags.find((each) => each.kind === "activity_tier") ?? tags[0];
  const definition = tag?.definition as ScoreTag | TierTag | undefined;
  const kept = definition?.kind === "activity_tier" ? definition.score : definition;
  const found = useQuery({
    queryKey: ["study", id, "activity/person", reference, kept],
    queryFn: async ({ signal }) => {
      const score = kept ?? ((await (await send(id, "activity/suggested", {}, { signal })).json()) as ScoreTag);
      return (await (await send(id, "activity/person", { score, person: reference, days: 90, points: 14 }, { signal })).json()) as Answer;
    },
    enabled: ready,
    staleTime: 60_000,
    retry: false,
  });
  if (found.error) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting />;
  if (found.data.trend.every((each) => each.score === null)) return <Empty title={t("tagging.person.activityNone")} />;
  return <Shown answer={found.data} tag={tag?.name ?? t("tagging.person.activityDefault")} />;
}

function Shown({ answer, tag }: { answer: Answer; tag: string }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const nameOf = useValueName("activity_tier");
  const partName = usePartName();
  return (
    <div className="stack" style={{ gap: 16 }}>
      <span style={{ fontSize: 13, opacity: 0.85 }}>{t("tagging.person.activityHint", { tag })}</span>
      <div className="row" style={{ gap: 10, alignItems: "baseline" }}>
        <strong className="figure" data-testid="activity-score" style={{ fontSize: 30 }}>
          {answer.score ?? "–"}
        </strong>
        {answer.tier && <Mark tone="busy">{nameOf(answer.tier)}</Mark>}
      </div>
      <Trend answer={answer} />
      <div className="stack" style={{ gap: 10 }}>
        {answer.parts.map((part) => (
          <div key={part.name}>
            <div className="row between">
              <strong>{partName(part.name)}</strong>
              <span className="figure" style={{ fontSize: 13 }}>
                {t("tagging.editor.points", { points: figures.number(part.points) })} / {figures.number(Math.round(part.most * 10) / 10)}
              </span>
            </div>
            <div className="share-bar" aria-hidden>
              <div style={{ width: `${part.most ? (part.points / part.most) * 100 : 0}%` }} />
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}

function Trend({ answer }: { answer: Answer }) {
  const { t } = useTranslation();
  const { time_zone } = useProject();
  const words = useWording(time_zone);
  const option = {
    grid: { left: 8, right: 16, top: 16, bottom: 8, containLabel: true },
    tooltip: { trigger: "axis", confine: true },
    xAxis: { type: "category", boundaryGap: false, data: answer.trend.map((each) => words.day(each.at)) },
    yAxis: { type: "value", min: 0, max: 100 },
    series: [{ type: "line", name: t("tagging.person.score"), data: answer.trend.map((each) => each.score), connectNulls: false, symbolSize: 7, areaStyle: { opacity: 0.12 }, lineStyle: { width: 2.5 } }],
  };
  return <Chart option={option} height={220} label={t("tagging.person.activity")} />;
}
