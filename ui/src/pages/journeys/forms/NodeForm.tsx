import { Checkbox, Radio, TimePicker } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { SelectorField } from "@/components/query/Fields";
import { Labelled } from "@/pages/audiences/common/Labelled";
import type { Exit, JourneyNode, Wait, WaitFor, WaitUntil } from "../common/types";
import { ALL, dayName } from "../common/useSummary";
import { BranchForm, SplitForm, TrialForm } from "./DecideForms";
import { AudienceForm, GiveForm, PropertyForm, SendForm, TagForm, TaskForm, WebhookForm } from "./ActForms";
import { SpanField, Words } from "./fields";

export interface FormProps<Node> {
  node: Node;
  /** `field` names what is typed into, so that it is taken back at once. */
  change: (node: Node, field?: string) => void;
}

/** What a node of each kind needs to know. */
export function NodeForm({ node, change }: FormProps<JourneyNode>) {
  switch (node.kind) {
    case "wait":
      return <WaitForm node={node} change={change} />;
    case "wait_until":
      return <WaitUntilForm node={node} change={change} />;
    case "wait_for":
      return <WaitForForm node={node} change={change} />;
    case "branch":
      return <BranchForm node={node} change={change} />;
    case "split":
      return <SplitForm node={node} change={change} />;
    case "experiment":
      return <TrialForm node={node} change={change} />;
    case "send":
      return <SendForm node={node} change={change} />;
    case "set_property":
      return <PropertyForm node={node} change={change} />;
    case "set_tag":
      return <TagForm node={node} change={change} />;
    case "add_to_audience":
      return <AudienceForm node={node} change={change} />;
    case "give":
      return <GiveForm node={node} change={change} />;
    case "task":
      return <TaskForm node={node} change={change} />;
    case "webhook":
      return <WebhookForm node={node} change={change} />;
    case "exit":
      return <ExitForm node={node} change={change} />;
  }
}

function WaitForm({ node, change }: FormProps<Wait>) {
  const { t } = useTranslation();
  return <SpanField label={t("journeys.form.span")} hint={t("journeys.form.spanHint")} value={node.span} onChange={(span) => change({ ...node, span }, "span")} />;
}

function WaitUntilForm({ node, change }: FormProps<WaitUntil>) {
  const { t } = useTranslation();
  const days = node.weekdays ?? ALL;
  return (
    <>
      <Labelled name={t("journeys.form.at")}>
        <TimePicker aria-label={t("journeys.form.at")} format="HH:mm" allowClear={false} needConfirm={false} value={node.at ? dayjs(`2000-01-01T${node.at}`) : null} onChange={(at) => change({ ...node, at: (Array.isArray(at) ? at[0] : at)?.format("HH:mm") })} />
      </Labelled>
      <Labelled name={t("journeys.form.weekdays")}>
        <Checkbox.Group value={[...days]} options={ALL.map((day) => ({ value: day, label: t(`journeys.weekdays.${dayName(day)}`) }))} onChange={(chosen) => chosen.length && change({ ...node, weekdays: chosen.map(Number).toSorted() })} />
      </Labelled>
      <Labelled name={t("journeys.form.zone")} hint={t("journeys.form.zoneHint")}>
        <Radio.Group value={node.zone ?? "person"} options={(["person", "project"] as const).map((value) => ({ value, label: t(`journeys.form.zones.${value}`) }))} onChange={(event) => change({ ...node, zone: event.target.value as "person" })} />
      </Labelled>
    </>
  );
}

function WaitForForm({ node, change }: FormProps<WaitFor>) {
  const { t } = useTranslation();
  return (
    <>
      <Labelled name={t("journeys.form.event")}>
        <div style={{ width: "100%" }}>
          <SelectorField label={t("journeys.form.event")} value={node.event} onChange={(event) => change({ ...node, event })} />
        </div>
      </Labelled>
      <SpanField label={t("journeys.form.timeout")} value={node.timeout} onChange={(timeout) => change({ ...node, timeout }, "timeout")} />
    </>
  );
}

function ExitForm({ node, change }: FormProps<Exit>) {
  const { t } = useTranslation();
  return <Words label={t("journeys.form.reason")} hint={t("journeys.form.reasonHint")} value={node.reason ?? "done"} most={20} onChange={(reason) => change({ ...node, reason: reason.toLowerCase() }, "reason")} />;
}

