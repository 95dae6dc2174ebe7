import { Card, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { Chart, COLORS, type Picked } from "@/results/Chart";
import { useFigures } from "@/results/figures";
import { useProject } from "@/session/session";
import { sinceOf, type SpanName, SPANS, useMoves, useEndMs } from "../common/queries";
import { SubjectPeopleDrawer } from "../common/SubjectPeople";
import { inBands, type Move } from "./moves";
import { useValueName } from "./useValueName";

// More can hardly be told apart.
const MOST_MOVES = 24;

/** From which value to which people went, as a Sankey diagram whose links lead to the people. */
export function ValueMoves({ subjectId, kind, span: first = "month", title }: { subjectId: string; kind: string; span?: SpanName; title?: string }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const nameOf = useValueName(kind);
  const figures = useFigures();
  const [span, setSpan] = useState<SpanName>(first);
  const [shown, show] = useState<Move | null>(null);
  const moves = useMoves(subjectId, span);
  const after = sinceOf(span, useEndMs());
  const { all, banded } = inBands(moves.data?.moves ?? [], figures.range);
  const every = all.filter((move) => move.before !== move.value).toSorted((one, other) => other.people - one.people);
  const found = every.slice(0, MOST_MOVES);
  const ways = banded ? every.length : (moves.data?.ways ?? 0);
  return (
    <Card
      size="small"
      title={title ?? t("tagging.one.moves")}
      extra={<Segmented<SpanName> size="small" aria-label={t("insights.period")} value={span} onChange={setSpan} options={(Object.keys(SPANS) as SpanName[]).map((value) => ({ value, label: t(`audiences.one.spans.${value}`) }))} />}
    >
      {moves.error && <Failure error={moves.error} small />}
      {moves.data && found.length === 0 && <Empty title={t("tagging.one.movesEmpty")} />}
      {found.length > 0 && (
        <div className="stack" style={{ gap: 6 }}>
          <span style={{ fontSize: 13, opacity: 0.85 }}>
            {t(banded ? "tagging.one.movesInBands" : "tagging.one.movesHint")} {ways > found.length && t("tagging.one.mostMoves", { count: found.length, all: ways })}
          </span>
          <MovesChart moves={found} nameOf={nameOf} onPick={banded ? undefined : show} />
        </div>
      )}
      {shown && (
        <SubjectPeopleDrawer
          title={t("tagging.one.movedTitle", { before: nameOf(shown.before), value: nameOf(shown.value) })}
          close={() => show(null)}
          queryKey={["subject-moved", project_id, subjectId, shown.before, shown.value, after]}
          empty={t("tagging.one.movesEmpty")}
          read={(cursor) =>
            taken(
              api.GET("/api/projects/{project_id}/subjects/{subject_id}/moved", {
                params: { path: { project_id, subject_id: subjectId }, query: { after, before: shown.before ?? "", value: shown.value ?? "", cursor, limit: 50 } },
              }),
            )
          }
        />
      )}
    </Card>
  );
}

interface ChartProps {
  moves: readonly Move[];
  nameOf: (value: string | null) => string;
  onPick?: (move: Move) => void;
}

/** Values before on the left, values after on the right. */
export function MovesChart({ moves, nameOf, onPick }: ChartProps) {
  const { t } = useTranslation();
  const figures = useFigures();
  const values = [...new Set(moves.flatMap((move) => [move.before, move.value]))];
  const colourOf = (value: string | null) => (value === null ? "#8a94a6" : COLORS[values.filter((each) => each !== null).indexOf(value) % COLORS.length]);
  const side = (which: "before" | "value") => values.flatMap((value) => {
    const people = moves.filter((move) => move[which] === value).reduce((sum, move) => sum + move.people, 0);
    return people ? [{ name: `${which}|${value ?? ""}`, shown: nameOf(value), people, depth: which === "before" ? 0 : 1, itemStyle: { color: colourOf(value) }, label: { position: which === "before" ? "right" : "left" }, tooltip: { formatter: `${nameOf(value)}: ${figures.number(people)}` } }] : [];
  });
  const nodes = [...side("before"), ...side("value")];
  const option = {
    tooltip: { trigger: "item", confine: true },
    series: [
      {
        type: "sankey",
        left: 8,
        right: 8,
        top: 8,
        bottom: 8,
        nodeGap: 12,
        nodeWidth: 14,
        draggable: false,
        emphasis: { focus: "adjacency" },
        lineStyle: { color: "source", opacity: 0.3, curveness: 0.5 },
        label: { formatter: ({ data }: { data: { shown: string; people: number } }) => `${data.shown} ${figures.compact(data.people)}`, color: "inherit" },
        data: nodes,
        links: moves.map((move) => ({ source: `before|${move.before ?? ""}`, target: `value|${move.value ?? ""}`, value: move.people, move, tooltip: { formatter: `${nameOf(move.before)} → ${nameOf(move.value)}: ${figures.number(move.people)}` } })),
      },
    ],
  };
  const pick = ({ data }: Picked) => {
    const { move } = data as { move?: Move };
    if (move) onPick?.(move);
  };
  return <Chart option={option} height={Math.min(640, Math.max(240, Math.max(side("before").length, side("value").length) * 46))} label={t("tagging.one.moves")} onPick={onPick && pick} />;
}
