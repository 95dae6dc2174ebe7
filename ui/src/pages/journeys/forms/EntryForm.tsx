import { Checkbox, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { SelectorField } from "@/components/query/Fields";
import { Labelled } from "@/pages/audiences/common/Labelled";
import { useAudiences } from "../common/queries";
import { type Definition, type Entry, ENTRIES, type Reentry } from "../common/types";
import { ConditionField, NumberField, Pick, SpanField } from "./fields";

interface Props {
  definition: Definition;
  change: (definition: Definition, field?: string) => void;
}

const NEW: Record<Entry["kind"], Entry> = {
  audience: { kind: "audience" },
  event: { kind: "event", event: { events: [] } },
  schedule: { kind: "schedule", cron: "0 9 * * *" },
  api: { kind: "api" },
};

/** Who comes in, how often and how many; what is to be reached, and what ends it. */
export function EntryForm({ definition, change }: Props) {
  const { t } = useTranslation();
  const { entry } = definition;
  const enter = (next: Entry, field?: string) => change({ ...definition, entry: next }, field);
  return (
    <div className="stack" style={{ gap: 16 }}>
      <Labelled name={t("journeys.form.entry")} hint={t(`journeys.form.entryHints.${entry.kind}`)}>
        <Select aria-label={t("journeys.form.entry")} style={{ width: "100%" }} value={entry.kind} options={ENTRIES.map((value) => ({ value, label: t(`journeys.form.entries.${value}`) }))} onChange={(kind) => enter(NEW[kind])} />
      </Labelled>
      <EntryFields entry={entry} enter={enter} />
      <ReentryFields definition={definition} change={change} />
      <CapFields definition={definition} change={change} />
      <GoalFields definition={definition} change={change} />
    </div>
  );
}

function EntryFields({ entry, enter }: { entry: Entry; enter: (entry: Entry, field?: string) => void }) {
  const { t } = useTranslation();
  const audiences = useAudiences();
  switch (entry.kind) {
    case "audience":
      return (
        <>
          <Pick label={t("journeys.form.audience")} value={entry.audience} options={audiences} empty={t("journeys.form.noAudiences")} onChange={(audience) => enter({ ...entry, audience })} />
          <Checkbox checked={entry.present ?? false} onChange={(event) => enter({ ...entry, present: event.target.checked })}>
            {t("journeys.form.present")}
          </Checkbox>
          <Checkbox checked={entry.leave ?? false} onChange={(event) => enter({ ...entry, leave: event.target.checked })}>
            {t("journeys.form.leaveAudience")}
          </Checkbox>
        </>
      );
    case "event":
      return (
        <>
          <SelectorField label={t("journeys.form.entryEvent")} value={entry.event} onChange={(event) => enter({ ...entry, event })} />
          <ConditionField label={t("journeys.form.entryCondition")} clearable value={entry.condition} onChange={(condition) => enter({ ...entry, condition })} />
        </>
      );
    case "schedule":
      return (
        <>
          <Labelled name={t("journeys.form.cron")} hint={t("journeys.form.cronHint")}>
            <Input aria-label={t("journeys.form.cron")} value={entry.cron} maxLength={100} onChange={(event) => enter({ ...entry, cron: event.target.value }, "cron")} />
          </Labelled>
          <ConditionField label={t("journeys.form.scheduleCondition")} value={entry.condition} onChange={(condition) => enter({ ...entry, condition: condition ?? undefined })} />
        </>
      );
    case "api":
      return null;
  }
}

function ReentryFields({ definition, change }: Props) {
  const { t } = useTranslation();
  const held = definition.reentry ?? { rule: "never" as const };
  const enter = (reentry: Reentry, field?: string) => change({ ...definition, reentry }, field);
  return (
    <>
      <Labelled name={t("journeys.form.reentry")}>
        <Select aria-label={t("journeys.form.reentry")} style={{ width: "100%" }} value={held.rule} options={(["never", "after_exit", "always"] as const).map((value) => ({ value, label: t(`journeys.form.reentries.${value}`) }))} onChange={(rule) => enter(rule === "after_exit" ? { rule, pause: held.pause ?? { count: 30, unit: "day" } } : { rule })} />
      </Labelled>
      {held.rule === "after_exit" && <SpanField label={t("journeys.form.pause")} value={held.pause} onChange={(pause) => enter({ ...held, pause }, "pause")} />}
    </>
  );
}

function CapFields({ definition, change }: Props) {
  const { t } = useTranslation();
  const caps = definition.caps ?? {};
  return (
    <Labelled name={t("journeys.form.caps")} hint={t("journeys.form.capsHint")}>
      {(["total", "a_day", "inside"] as const).map((name) => (
        <NumberField key={name} label={t(`journeys.form.cap.${name}`)} most={1_000_000_000} value={caps[name]} onChange={(value) => change({ ...definition, caps: { ...caps, [name]: value } }, `caps.${name}`)} />
      ))}
    </Labelled>
  );
}

function GoalFields({ definition, change }: Props) {
  const { t } = useTranslation();
  const { goal, leave_on } = definition;
  return (
    <>
      <Checkbox checked={Boolean(goal)} onChange={(event) => change({ ...definition, goal: event.target.checked ? { event: { events: [] }, within: { count: 14, unit: "day" }, leave: true } : null })}>
        {t("journeys.form.hasGoal")}
      </Checkbox>
      {goal && (
        <>
          <SelectorField label={t("journeys.form.goalEvent")} value={goal.event} onChange={(event) => change({ ...definition, goal: { ...goal, event } })} />
          <SpanField label={t("journeys.form.within")} value={goal.within} onChange={(within) => change({ ...definition, goal: { ...goal, within } }, "within")} />
          <Checkbox checked={goal.leave ?? true} onChange={(event) => change({ ...definition, goal: { ...goal, leave: event.target.checked } })}>
            {t("journeys.form.leaveAtGoal")}
          </Checkbox>
        </>
      )}
      <Checkbox checked={Boolean(leave_on)} onChange={(event) => change({ ...definition, leave_on: event.target.checked ? { events: [] } : null })}>
        {t("journeys.form.hasLeaveOn")}
      </Checkbox>
      {leave_on && <SelectorField label={t("journeys.form.leaveOn")} value={leave_on} onChange={(event) => change({ ...definition, leave_on: event })} />}
    </>
  );
}
