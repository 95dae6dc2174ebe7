import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { WarningOutlined } from "@/components/icons";
import { KIND_ICONS } from "../common/icons";
import type { NodeKind } from "../common/types";

export interface CardData extends Record<string, unknown> {
  kind: NodeKind | "entry";
  title: string;
  summary: string;
  ports: readonly { name: string; label: string }[];
  faults: readonly string[];
  inside: string | null;
  came: string | null;
  people: (() => void) | null;
}

export type CardNode = Node<CardData, "card">;

/** A node of the picture: what it is, what it does, how many are there, its ways out, and what is wrong. */
export const NodeCard = memo(function NodeCard({ data, selected }: NodeProps<CardNode>) {
  const { t } = useTranslation();
  const { kind, title, summary, ports, faults, inside, came, people } = data;
  const several = ports.length > 1;
  return (
    <div className={["journey-node", `is-${kind}`, selected && "selected", faults.length && "faulty"].filter(Boolean).join(" ")}>
      {kind !== "entry" && <Handle type="target" position={Position.Left} role="img" aria-label={t("journeys.editor.comeIn", { name: title })} />}
      <div className="journey-node-head">
        <span className="journey-node-icon">{KIND_ICONS[kind]}</span>
        <strong>{title}</strong>
      </div>
      <div className="journey-node-summary" title={summary}>
        {summary}
      </div>
      {came !== null && (
        <div className="journey-node-counts figure">
          {people ? (
            <button type="button" className="clickable nodrag" onClick={people} aria-label={`${title} · ${t("journeys.figures.inside")}: ${inside}`}>
              {t("journeys.figures.inside")} {inside}
            </button>
          ) : (
            <span>
              {t("journeys.figures.inside")} {inside}
            </span>
          )}
          <span>
            {t("journeys.figures.came")} {came}
          </span>
        </div>
      )}
      {several &&
        ports.map((port) => (
          <div key={port.name} className="journey-port">
            <span title={port.label}>{port.label}</span>
            <Handle type="source" position={Position.Right} id={port.name} role="img" aria-label={`${title}: ${port.label}`} />
          </div>
        ))}
      {ports.length === 1 && ports[0] && <Handle type="source" position={Position.Right} id={ports[0].name} role="img" aria-label={`${title}: ${ports[0].label}`} />}
      {faults.length > 0 && (
        <div className="journey-node-fault" role="alert">
          <WarningOutlined />
          <span>{faults.length > 1 ? t("journeys.editor.faults", { first: faults[0], count: faults.length }) : faults[0]}</span>
        </div>
      )}
    </div>
  );
});
