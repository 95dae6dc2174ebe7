import { Button, Dropdown, Switch, Tooltip } from "antd";
import { useTranslation } from "react-i18next";
import { ArrowDownOutlined, ArrowUpOutlined, CopyOutlined, DeleteOutlined } from "@/components/icons";
import { AnniversaryFields } from "./AnniversaryFields";
import { DidFields } from "./DidFields";
import { GroupEditor } from "./GroupEditor";
import { HasFields } from "./HasFields";
import { CONDITION_ICONS } from "./icons";
import { ListedFields, ShareFields } from "./ListedFields";
import { OccurrenceFields } from "./OccurrenceFields";
import { SequenceFields } from "./SequenceFields";
import { useMarked } from "./context";
import type { Offered } from "./making";
import type { Condition } from "./types";

interface Props {
  value: Condition;
  path: string;
  depth: number;
  onChange: (condition: Condition) => void;
  onRemove: () => void;
  onCopy: () => void;
  onUngroup?: () => void;
  onMove: (by: number) => void;
  first: boolean;
  last: boolean;
}

/** One condition of a group: what it is, its fields, and whether it is turned around. */
export function ConditionCard({ value, path, depth, onChange, onRemove, onCopy, onUngroup, onMove, first, last }: Props) {
  const { t } = useTranslation();
  const { fault, unfinished } = useMarked();
  const negated = value.kind === "not";
  const inner = negated ? value.item : value;
  const innerPath = negated ? `${path}.item` : path;
  const change = (next: Condition) => onChange(negated ? { kind: "not", item: next } : next);
  const mine = fault !== null && [path, innerPath].includes(fault.place) ? fault : null;
  const offered = offeredAs(inner);
  const isGroup = inner.kind === "all" || inner.kind === "any";
  const name = t(`conditions.kinds.${isGroup ? "group" : offered}`);
  const verbs = [
    { key: "copy", icon: <CopyOutlined />, label: t("conditions.copy"), onClick: onCopy },
    { key: "up", icon: <ArrowUpOutlined />, label: t("conditions.up"), disabled: first, onClick: () => onMove(-1) },
    { key: "down", icon: <ArrowDownOutlined />, label: t("conditions.down"), disabled: last, onClick: () => onMove(1) },
    ...(onUngroup ? [{ key: "ungroup", label: t("conditions.ungroup"), onClick: onUngroup }] : []),
  ];
  const classes = ["condition-card", isGroup && "nested", negated && "excluded", mine && "faulty"].filter(Boolean).join(" ");
  return (
    <section className={classes} aria-label={name}>
      <div className="row between" style={{ flexWrap: "nowrap" }}>
        <span className="row" style={{ gap: 6 }}>
          {CONDITION_ICONS[isGroup ? "group" : offered]}
          <strong style={{ fontSize: 13 }}>{name}</strong>
        </span>
        <span className="row" style={{ flexWrap: "nowrap", gap: 2 }}>
          {/* "Did" has a word of its own for it. */}
          {inner.kind !== "did" && (
            <Tooltip title={t("conditions.excludeHint")}>
              <span className="row" style={{ gap: 6, marginInlineEnd: 6, fontSize: 13 }}>
                <Switch size="small" aria-label={t("conditions.exclude")} checked={negated} onChange={(on) => onChange(on ? { kind: "not", item: inner } : inner)} />
                {t("conditions.exclude")}
              </span>
            </Tooltip>
          )}
          <Dropdown trigger={["click"]} menu={{ items: verbs }}>
            <Button size="small" type="text" aria-label={`${t("common.more")}: ${name}`}>
              ⋯
            </Button>
          </Dropdown>
          <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={`${t("common.remove")}: ${name}`} onClick={onRemove} />
        </span>
      </div>
      <Fields value={inner} negated={negated} path={innerPath} depth={depth} onChange={change} onNegate={(on) => onChange(on ? { kind: "not", item: inner } : inner)} />
      {mine && (
        <div role="alert" className="fault-text">
          {mine.message}
        </div>
      )}
      {!mine && unfinished.has(innerPath) && <div style={{ fontSize: 12, opacity: 0.8 }}>{t("conditions.unfinished")}</div>}
    </section>
  );
}

interface FieldsProps {
  value: Condition;
  negated: boolean;
  path: string;
  depth: number;
  onChange: (condition: Condition) => void;
  onNegate: (on: boolean) => void;
}

function Fields({ value, negated, path, depth, onChange, onNegate }: FieldsProps) {
  switch (value.kind) {
    case "all":
    case "any":
      return <GroupEditor value={value} onChange={onChange} path={path} depth={depth + 1} />;
    case "has":
      return <HasFields value={value} onChange={onChange} />;
    case "did":
      return <DidFields value={value} negated={negated} onChange={onChange} onNegate={onNegate} />;
    case "occurrence":
      return <OccurrenceFields value={value} onChange={onChange} />;
    case "sequence":
      return <SequenceFields value={value} onChange={onChange} />;
    case "anniversary":
      return <AnniversaryFields value={value} onChange={onChange} />;
    case "listed":
      return <ListedFields value={value} onChange={onChange} />;
    case "share":
      return <ShareFields value={value} onChange={onChange} />;
    case "not":
      // Twice turned around: shown as a group of one that is excluded.
      return <GroupEditor value={{ kind: "all", items: [value] }} onChange={(group) => onChange(group)} path={path} depth={depth + 1} />;
  }
}

function offeredAs(condition: Condition): Offered {
  if (condition.kind !== "has") return condition.kind === "all" || condition.kind === "any" || condition.kind === "not" ? "group" : condition.kind;
  const { filter } = condition;
  const scope = filter && filter.type !== "group" ? filter.property.scope : "person";
  return scope === "tag" || scope === "audience" ? scope : "property";
}
