import { Card, Segmented, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { PageFrame, useUrlState, useWording } from "@/components/page";
import { useSubjects } from "@/query/subjects";
import { Chart, COLORS, type Picked } from "@/results/Chart";
import { useFigures } from "@/results/figures";
import { useProject } from "@/session/session";
import { type SpanName, SPANS, useEndMs } from "../common/queries";
import { useStudy } from "./ask";
import { type Shown, StudyPeople } from "./StudyPeople";
import { Upset } from "./Upset";
import "../audiences.css";

const MOST = 8;

/** Several audiences: what they share, and how people go from one to the other. */
export function ComparePage() {
  const { t } = useTranslation();
  const url = useUrlState();
  const { subjects } = useSubjects();
  const [shown, show] = useState<Shown | null>(null);
  const audiences = subjects.filter((each) => each.type === "audience");
  const chosen = url.all("id").filter((id) => audiences.some((each) => each.id === id));
  const enough = chosen.length >= 2;
  return (
    <PageFrame title={t("studies.compare.title")}>
      <Select
        mode="multiple"
        maxCount={MOST}
        aria-label={t("studies.compare.choose")}
        placeholder={t("studies.compare.least")}
        style={{ maxWidth: 900 }}
        value={chosen}
        showSearch={{ optionFilterProp: "label" }}
        options={audiences.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(ids: string[]) => url.change({ id: ids })}
      />
      {!enough && <Empty title={t("studies.compare.least")} />}
      {enough && (
        <>
          <Upset ids={chosen} show={show} />
          <FlowCard ids={chosen} show={show} />
        </>
      )}
      <StudyPeople shown={shown} close={() => show(null)} />
    </PageFrame>
  );
}

interface Flow {
  links: { step: number; before: string; value: string; people: number }[];
  names: Record<string, string>;
}

const STEPS = 4;

function timesOf(span: SpanName, endMs: number): string[] {
  const now = Math.floor(endMs / 3_600_000) * 3_600_000;
  const step = (SPANS[span] * 86_400_000) / STEPS;
  return Array.from({ length: STEPS + 1 }, (_, at) => new Date(now - (STEPS - at) * step).toISOString());
}

/** Where people were at several times, as a Sankey diagram. */
function FlowCard({ ids, show }: { ids: readonly string[]; show: (shown: Shown) => void }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const words = useWording(useProject().time_zone);
  const { subjects } = useSubjects();
  const [span, setSpan] = useState<SpanName>("month");
  const endMs = useEndMs();
  const body = { subject_ids: ids, times: timesOf(span, endMs) };
  const flow = useStudy<Flow>("flows", body);
  const nameOf = (value: string) => (value === "" ? t("studies.compare.none") : (flow.data?.names[value] ?? subjects.find((each) => each.id === value)?.name ?? value));
  // Those who are in none of them at both times say nothing.
  const links = (flow.data?.links ?? []).filter((link) => link.before !== "" || link.value !== "");
  const colourOf = (value: string) => (value === "" ? "#8a94a6" : COLORS[ids.indexOf(value) % COLORS.length]);
  const nodes = new Map<string, { name: string; shown: string; depth: number; value: string }>();
  for (const { step, before, value } of links) {
    for (const [depth, own] of [[step, before], [step + 1, value]] as const) nodes.set(`${depth}|${own}`, { name: `${depth}|${own}`, shown: nameOf(own), depth, value: own });
  }
  const option = {
    tooltip: { trigger: "item", confine: true },
    series: [
      {
        type: "sankey",
        left: 8,
        right: 120,
        top: 8,
        bottom: 8,
        nodeGap: 14,
        nodeWidth: 14,
        draggable: false,
        emphasis: { focus: "adjacency" },
        lineStyle: { color: "source", opacity: 0.3, curveness: 0.5 },
        label: { formatter: ({ data }: { data: { shown: string } }) => data.shown, width: 110, overflow: "truncate", color: "inherit" },
        data: [...nodes.values()].map((node) => ({ ...node, value: undefined, itemStyle: { color: colourOf(node.value) } })),
        links: links.map((link) => ({ source: `${link.step}|${link.before}`, target: `${link.step + 1}|${link.value}`, value: link.people, link, tooltip: { formatter: `${nameOf(link.before)} → ${nameOf(link.value)}: ${figures.number(link.people)}` } })),
      },
    ],
  };
  const pick = ({ data }: Picked) => {
    const { link } = data as { link?: Flow["links"][number] };
    if (link) show({ title: `${nameOf(link.before)} → ${nameOf(link.value)}`, path: "flows/people", body: { ...body, step: link.step, before: link.before, value: link.value } });
  };
  return (
    <Card
      size="small"
      title={t("studies.compare.flow")}
      extra={<Segmented<SpanName> size="small" aria-label={t("insights.period")} value={span} onChange={setSpan} options={(Object.keys(SPANS) as SpanName[]).map((value) => ({ value, label: t(`audiences.one.spans.${value}`) }))} />}
    >
      {flow.error && <Failure error={flow.error} small />}
      {flow.data && links.length === 0 && <Empty title={t("studies.compare.noFlow")} />}
      {links.length > 0 && (
        <div className="stack" style={{ gap: 6 }}>
          <span style={{ fontSize: 13, opacity: 0.85 }}>{t("studies.compare.flowHint")}</span>
          <div className="row between figure" style={{ fontSize: 12.5, flexWrap: "nowrap", paddingInlineEnd: 60 }}>
            {body.times.map((time) => (
              <span key={time}>{words.day(time)}</span>
            ))}
          </div>
          <Chart option={option} height={Math.max(260, ids.length * 70)} label={t("studies.compare.flow")} onPick={pick} />
        </div>
      )}
    </Card>
  );
}
