import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Chart, COLORS, type Picked } from "./Chart";
import { useFigures, useGroupName } from "./figures";
import { Clickable, Table } from "./Table";
import type { PathsResult, ViewProps } from "./types";

type Node = PathsResult["nodes"][number];
type Link = PathsResult["links"][number];

/** Which node follows which, as a Sankey diagram; every node and link leads to its people. */
export function PathsView({ result, chart, height, onSelect, small }: ViewProps<PathsResult>) {
  const { t } = useTranslation();
  const figures = useFigures();
  const groupName = useGroupName();
  const keyOf = (step: number, node: Node["node"]) => `${step}|${node.other ? "*" : ""}|${node.value ?? ""}`;
  const option = useMemo(() => {
    const names = [...new Set(result.nodes.map((node) => groupName(node.node)))];
    const colourOf = (node: Node["node"]) => (node.other ? "#8a94a6" : COLORS[names.indexOf(groupName(node)) % COLORS.length]);
    const least = Math.min(0, ...result.nodes.map((node) => node.step));
    return {
      tooltip: { trigger: "item", confine: true },
      series: [
        {
          type: "sankey",
          left: 8,
          right: 130,
          top: 10,
          bottom: 10,
          nodeGap: 10,
          nodeWidth: 14,
          draggable: false,
          emphasis: { focus: "adjacency" },
          lineStyle: { color: "source", opacity: 0.28, curveness: 0.5 },
          label: { width: 120, overflow: "truncate", formatter: ({ data }: { data: { shown: string; paths: number } }) => `${data.shown} ${figures.compact(data.paths)}` },
          data: result.nodes.map((node) => ({ name: keyOf(node.step, node.node), shown: groupName(node.node), depth: node.step - least, paths: node.paths, node, itemStyle: { color: colourOf(node.node) }, tooltip: { formatter: `${groupName(node.node)}: ${figures.number(node.paths)} · ${t("insights.endedHere", { text: figures.number(node.ended) })}` } })),
          links: result.links.map((link) => ({ source: keyOf(link.step, link.source), target: keyOf(link.step + 1, link.target), value: link.paths, link, tooltip: { formatter: `${groupName(link.source)} → ${groupName(link.target)}: ${figures.number(link.paths)}` } })),
        },
      ],
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [result, figures]);
  const pickNode = (node: Node) => onSelect?.({ step: node.step, node: node.node }, `${groupName(node.node)}`);
  const pickLink = (link: Link) => onSelect?.({ step: link.step, node: link.source, target: link.target }, `${groupName(link.source)} → ${groupName(link.target)}`);
  const onPick = ({ data }: Picked) => {
    const found = data as { node?: Node; link?: Link };
    if (found.node) pickNode(found.node);
    if (found.link) pickLink(found.link);
  };
  return (
    <div className="stack">
      <span className="figure">{t("insights.pathsCount", { paths: figures.number(result.paths), people: figures.number(result.people) })}</span>
      {chart !== "table" && <Chart option={option} height={Math.max(height, 320)} label={t("insights.kinds.paths")} onPick={onSelect && onPick} />}
      {!small && (
        <Table<Link>
          rows={result.links}
          keyOf={(link) => `${keyOf(link.step, link.source)}>${keyOf(link.step + 1, link.target)}`}
          columns={[
            { title: t("insights.step"), key: "step", numeric: true, by: (link) => link.step, show: (link) => `${link.step} → ${link.step + 1}` },
            { title: t("insights.from"), key: "source", by: (link) => groupName(link.source), show: (link) => groupName(link.source) },
            { title: t("insights.to"), key: "target", by: (link) => groupName(link.target), show: (link) => groupName(link.target) },
            { title: t("insights.paths"), key: "paths", numeric: true, by: (link) => link.paths, show: (link) => figures.number(link.paths) },
            { title: t("insights.measures.people"), key: "people", numeric: true, by: (link) => link.people, show: (link) => <Clickable onClick={onSelect && (() => pickLink(link))}>{figures.number(link.people)}</Clickable> },
          ]}
        />
      )}
    </div>
  );
}
