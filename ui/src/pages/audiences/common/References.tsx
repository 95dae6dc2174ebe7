import { Card } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { type Subject, useSubjects } from "@/query/subjects";
import { Chart, COLORS, type Picked } from "@/results/Chart";
import { useProject } from "@/session/session";
import { addressOf } from "./addresses";
import { around, layered } from "./layers";

/** What uses an audience or tag, and what it uses, near and far. */
export function References({ subjectId }: { subjectId: string }) {
  const { t } = useTranslation();
  const { subjects, links } = useSubjects();
  const named = (ids: string[]) => subjects.filter((each) => ids.includes(each.id));
  const users = named(links.filter((link) => link.used === subjectId).map((link) => link.user));
  const used = named(links.filter((link) => link.user === subjectId).map((link) => link.used));
  return (
    <div className="stack" style={{ gap: 16 }}>
      <div className="two-columns">
        <Card size="small" title={t("audiences.usedBy")}>
          <Names subjects={users} none={t("audiences.usedByNone")} />
        </Card>
        <Card size="small" title={t("audiences.uses")}>
          <Names subjects={used} none={t("audiences.usesNone")} />
        </Card>
      </div>
      {users.length + used.length > 0 && (
        <Card size="small" title={t("audiences.graph")}>
          <ReferenceGraph chosen={subjectId} />
        </Card>
      )}
    </div>
  );
}

function Names({ subjects, none }: { subjects: Subject[]; none: string }) {
  const { t } = useTranslation();
  const { id } = useProject();
  if (!subjects.length) return <span style={{ opacity: 0.85 }}>{none}</span>;
  return (
    <ul style={{ margin: 0, paddingInlineStart: 20, lineHeight: 1.8 }}>
      {subjects.map((each) => (
        <li key={each.id}>
          <Link to={addressOf(id, each)}>{each.name}</Link> <small>{t(`audiences.subjectTypes.${each.type}`)}</small>
        </li>
      ))}
    </ul>
  );
}

/** Who uses whom as a graph from left (used) to right; around one of them, or all. */
export function ReferenceGraph({ chosen }: { chosen?: string }) {
  const { t } = useTranslation();
  const { id } = useProject();
  const navigate = useNavigate();
  const { subjects, links } = useSubjects();
  const drawn = useMemo(() => layered(chosen === undefined ? { subjects: subjects.filter((each) => links.some((link) => link.user === each.id || link.used === each.id)), links } : around(chosen, subjects, links)), [chosen, subjects, links]);
  const option = useMemo(
    () => ({
      tooltip: { formatter: ({ data }: { data: { subject?: Subject } }) => (data.subject ? `${data.subject.name} · ${t(`audiences.subjectTypes.${data.subject.type}`)}` : "") },
      legend: { top: 0, data: (["audience", "tag"] as const).map((type) => t(`audiences.subjectTypes.${type}`)) },
      grid: { left: 8, right: 8, top: 40, bottom: 8 },
      xAxis: { type: "value", show: false, min: -0.5, max: drawn.depth + 0.5 },
      yAxis: { type: "value", show: false, min: 0, max: drawn.height, inverse: true },
      series: [
        {
          type: "graph",
          coordinateSystem: "cartesian2d",
          symbolSize: 16,
          edgeSymbol: ["none", "arrow"],
          edgeSymbolSize: 8,
          lineStyle: { curveness: 0.08, opacity: 0.7 },
          categories: (["audience", "tag"] as const).map((type, place) => ({ name: t(`audiences.subjectTypes.${type}`), itemStyle: { color: COLORS[place] } })),
          label: { show: true, position: "bottom", width: 130, overflow: "truncate", formatter: ({ data }: { data: { shown: string } }) => data.shown, color: "inherit" },
          data: drawn.nodes.map(({ subject, x, y }) => ({
            id: subject.id,
            name: subject.id,
            shown: subject.name,
            subject,
            value: [x, y],
            category: subject.type === "audience" ? 0 : 1,
            itemStyle: { ...(subject.failed ? { color: "#cf222e" } : {}), ...(subject.id === chosen ? { borderColor: "#f2994a", borderWidth: 4 } : {}) },
          })),
          links: drawn.links.map((link) => ({ source: link.used, target: link.user })),
        },
      ],
    }),
    [drawn, chosen, t],
  );
  const open = ({ data }: Picked) => {
    const { subject } = data as { subject?: Subject };
    if (subject) void navigate(addressOf(id, subject));
  };
  return <Chart option={option} height={Math.max(220, drawn.height * 84)} label={t("audiences.graphLabel")} onPick={open} />;
}
