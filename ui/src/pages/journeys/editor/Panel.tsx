import type { TFunction } from "i18next";
import { Button, Card } from "antd";
import { useTranslation } from "react-i18next";
import { CloseOutlined, DeleteOutlined } from "@/components/icons";
import { EntryForm } from "../forms/EntryForm";
import { TargetField, Words } from "../forms/fields";
import { NodeForm } from "../forms/NodeForm";
import { KIND_ICONS } from "../common/icons";
import type { Definition, JourneyNode, Problem } from "../common/types";
import { useSummary } from "../common/useSummary";
import { AddAfter } from "./AddAfter";
import { ENTRY, joined, portsOf, without } from "./graph";

interface Props {
  definition: Definition;
  selected: string;
  select: (id: string | null) => void;
  change: (definition: Definition, field?: string) => void;
  problems: readonly Problem[];
}

/** What the chosen node needs to know, where its ways lead, and what is wrong with it. */
export function Panel({ definition, selected, select, change, problems }: Props) {
  const { t, i18n } = useTranslation();
  const words = useSummary();
  const node = definition.nodes[selected];
  if (selected !== ENTRY && !node) return null;
  const name = node ? t(`journeys.kinds.${node.kind}`) : t("journeys.kinds.entry");
  return (
    <Card
      size="small"
      className="journey-panel"
      role="region"
      aria-label={t("journeys.editor.panel", { name })}
      title={
        <span className="row" style={{ gap: 6 }}>
          {KIND_ICONS[node?.kind ?? "entry"]}
          {name}
        </span>
      }
      extra={<Button size="small" type="text" icon={<CloseOutlined />} aria-label={t("common.close")} onClick={() => select(null)} />}
    >
      <div className="stack" style={{ gap: 14 }}>
        {problems.length > 0 && (
          <ul className="fault-text" style={{ margin: 0, paddingInlineStart: 18 }}>
            {problems.map((each) => (
              <li key={each.path + each.code}>
                {fieldOf(each.path, t)}
                {i18n.language === "zh" ? each.zh : each.en}
              </li>
            ))}
          </ul>
        )}
        {node ? <OfNode key={selected} definition={definition} id={selected} node={node} change={change} /> : <EntryForm definition={definition} change={change} />}
        {(node ? portsOf(node) : [{ name: "next", target: definition.start in definition.nodes ? definition.start : null }]).map((port) => (
          <TargetField key={port.name} definition={definition} own={selected} label={t("journeys.form.leadsTo", { port: node ? words.port(node, port.name) : t("journeys.ports.next") })} value={port.target} onChange={(target) => change(joined(definition, { node: selected, port: port.name }, target))} />
        ))}
        <div className="row">
          <AddAfter definition={definition} selected={selected} change={change} select={select} />
          {node && (
            <Button
              danger
              icon={<DeleteOutlined />}
              onClick={() => {
                change(without(definition, selected));
                select(null);
              }}
            >
              {t("common.remove")}
            </Button>
          )}
        </div>
      </div>
    </Card>
  );
}

function OfNode({ definition, id, node, change }: { definition: Definition; id: string; node: JourneyNode; change: Props["change"] }) {
  const { t } = useTranslation();
  const replace = (next: JourneyNode, field?: string) => change({ ...definition, nodes: { ...definition.nodes, [id]: next } }, field && `${id}.${field}`);
  return (
    <>
      <Words label={t("journeys.form.label")} placeholder={t(`journeys.kinds.${node.kind}`)} value={node.label} onChange={(label) => replace({ ...node, label: label || null }, "label")} hint={t(`journeys.kindHints.${node.kind}`)} />
      <NodeForm node={node} change={replace} />
    </>
  );
}

const FIELDS: Record<string, string> = { template: "template", channels: "channels", channel: "webhook", span: "span", timeout: "timeout", at: "at", experiment: "experiment", variants: "variants", property: "property", value: "value", tag: "tag", audience: "staticAudience", reward: "reward", quantity: "quantity", title: "taskTitle", member: "member", due: "due", reason: "reason", event: "event", condition: "condition" };

/** The name of the field that a fault is of. */
function fieldOf(path: string, t: TFunction): string {
  const last = path.replace(/\[\d+\]/g, "").split(".").findLast((each) => each in FIELDS);
  return last && path.startsWith("nodes.") && path.split(".").length > 2 ? `${t(`journeys.form.${FIELDS[last] as "template"}`)}: ` : "";
}
