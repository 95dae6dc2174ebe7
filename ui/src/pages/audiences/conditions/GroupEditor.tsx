import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { AddCondition } from "./AddCondition";
import { ConditionCard } from "./ConditionCard";
import { useMarked } from "./context";
import type { Condition, Group } from "./types";
import "./conditions.css";

interface Props {
  value: Group;
  onChange: (group: Group) => void;
  path: string;
  depth?: number;
}

// The API takes more; deeper groups can hardly be read.
const DEEPEST = 3;

/** Conditions that are joined by AND or OR, in groups within groups. */
export function GroupEditor({ value, onChange, path, depth = 0 }: Props) {
  const { t } = useTranslation();
  const { fault } = useMarked();
  const joined = value.items.length > 1;
  const change = (items: Condition[]) => onChange({ ...value, items });
  const replace = (place: number, ...instead: Condition[]) => change(value.items.toSpliced(place, 1, ...instead));
  const move = (place: number, by: number) => {
    const moved = value.items[place];
    if (moved) change(value.items.toSpliced(place, 1).toSpliced(place + by, 0, moved));
  };
  return (
    <div className="stack" style={{ gap: 10 }}>
      <div className={`condition-group${joined ? ` joined ${value.kind}` : ""}`} role="group" aria-label={t(value.kind === "all" ? "conditions.allOf" : "conditions.anyOf")}>
        {joined && (
          <div className="condition-rail">
            <Button size="small" title={t(value.kind === "all" ? "conditions.allOf" : "conditions.anyOf")} onClick={() => onChange({ ...value, kind: value.kind === "all" ? "any" : "all" })}>
              {t(`conditions.${value.kind}`)}
            </Button>
          </div>
        )}
        {value.items.map((item, place) => (
          <ConditionCard
            key={place}
            value={item}
            path={`${path}.items[${place}]`}
            depth={depth}
            onChange={(next) => replace(place, next)}
            onRemove={() => replace(place)}
            onCopy={() => replace(place, item, structuredClone(item))}
            onUngroup={item.kind === "all" || item.kind === "any" ? () => replace(place, ...item.items) : undefined}
            onMove={(by) => move(place, by)}
            first={place === 0}
            last={place === value.items.length - 1}
          />
        ))}
      </div>
      {fault?.place === path && (
        <div role="alert" className="fault-text">
          {fault.message}
        </div>
      )}
      <AddCondition add={(condition) => change([...value.items, condition])} nested={depth > 0} groups={depth < DEEPEST} />
    </div>
  );
}
