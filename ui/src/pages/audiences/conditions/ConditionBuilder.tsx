import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Empty } from "@/components/Empty";
import { MarkedContext } from "./context";
import { GroupEditor } from "./GroupEditor";
import { asGroup, placeOf, type Ready, readyOf } from "./making";
import type { Condition, Group } from "./types";
import { faultOf } from "./useEstimate";

interface Props {
  value: Condition;
  onChange: (condition: Group) => void;
  ready: Ready;
  /** What the server said about the finished parts, where it names a place. */
  error: unknown;
}

/** The condition as cards, with faults where they are. */
export function ConditionBuilder({ value, onChange, ready, error }: Props) {
  const { t } = useTranslation();
  const group = asGroup(value);
  const fault = faultOf(error);
  const place = placeOf(fault?.path ?? null, ready.places);
  const message = fault && place !== null ? [fault.message, fault.hint].filter(Boolean).join(" ") : null;
  const marked = useMemo(() => ({ fault: place !== null && message !== null ? { place, message } : null, unfinished: new Set(ready.unfinished) }), [place, message, ready]);
  return (
    <MarkedContext value={marked}>
      {group.items.length === 0 && <Empty title={t("conditions.empty")} hint={t("conditions.emptyHint")} />}
      <GroupEditor value={group} onChange={onChange} path="condition" />
    </MarkedContext>
  );
}

/** The finished parts of what is being edited. */
export function useReady(value: Condition): Ready {
  return useMemo(() => readyOf(asGroup(value)), [value]);
}

/** An error that no card shows. */
export function elsewhere(error: unknown, ready: Ready): unknown {
  const fault = faultOf(error);
  return fault && placeOf(fault.path, ready.places) !== null ? null : error;
}
