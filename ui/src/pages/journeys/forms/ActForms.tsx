import { AutoComplete, Checkbox, Input, InputNumber, Radio, Select, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { currentLanguage } from "@/i18n";
import { useMemberNames } from "@/components/page";
import { Labelled } from "@/pages/audiences/common/Labelled";
import { useProperties } from "@/query/catalog";
import { useTemplateChoice } from "@/pages/messages/common/queries";
import { useProject } from "@/session/session";
import { useAudiences, useChannels, useManualTags, usePurposes } from "../common/queries";
import type { AddToAudience, CreateTask, Give, Send, SetProperty, SetTag, Webhook } from "../common/types";
import { NumberField, Pick, SpanField, Words } from "./fields";
import type { FormProps } from "./NodeForm";

/** What is sent, by which channels in turn, and what for. */
export function SendForm({ node, change }: FormProps<Send>) {
  const { t } = useTranslation();
  const templates = useTemplateChoice(node.template);
  const channels = useChannels().filter((each) => each.kind !== "webhook");
  const purposes = usePurposes();
  const byPolicy = { value: "" as const, label: t("outbox.asPolicy") };
  return (
    <>
      <Pick label={t("journeys.form.template")} value={node.template} options={templates} empty={t("journeys.form.noTemplates")} onChange={(template) => change({ ...node, template })} />
      <Labelled name={t("journeys.form.channels")} hint={t("journeys.form.channelsHint")}>
        <Select mode="multiple" aria-label={t("journeys.form.channels")} style={{ width: "100%" }} value={node.channels} notFoundContent={t("journeys.form.noChannels")} placeholder={channels.length ? undefined : t("journeys.form.noChannels")} showSearch={{ optionFilterProp: "label" }} options={channels.map((each) => ({ value: each.id, label: each.name }))} onChange={(chosen: string[]) => change({ ...node, channels: chosen })} />
      </Labelled>
      <Pick label={t("journeys.form.purpose")} value={node.purpose ?? "marketing"} options={purposes.map((each) => ({ id: each.key, name: currentLanguage() === "zh" ? each.name_zh : each.name_en }))} onChange={(purpose) => change({ ...node, purpose })} />
      <Labelled name={t("journeys.form.priority")}>
        <Select aria-label={t("journeys.form.priority")} style={{ width: "100%" }} value={node.priority ?? ""} options={[byPolicy, ...(["high", "normal", "low"] as const).map((value) => ({ value, label: t(`journeys.form.priorities.${value}`) }))]} onChange={(priority: NonNullable<Send["priority"]> | "") => change({ ...node, priority: priority || null })} />
      </Labelled>
      <Labelled name={t("outbox.sendTime")}>
        <Select aria-label={t("outbox.sendTime")} style={{ width: "100%" }} value={node.send_time ?? ""} options={[byPolicy, ...(["at_once", "best_time"] as const).map((value) => ({ value, label: t(`outbox.sendTimes.${value}`) }))]} onChange={(send_time: NonNullable<Send["send_time"]> | "") => change({ ...node, send_time: send_time || null })} />
      </Labelled>
    </>
  );
}

const VALUE_KINDS = ["text", "number", "yes"] as const;

/** A property of the profile, and what it becomes. */
export function PropertyForm({ node, change }: FormProps<SetProperty>) {
  const { t } = useTranslation();
  const known = useProperties([]).filter((each) => each.ref.scope === "person");
  const kind = typeof node.value === "number" ? "number" : typeof node.value === "boolean" ? "yes" : "text";
  const begun = { text: "", number: 0, yes: true };
  return (
    <>
      <Labelled name={t("journeys.form.property")}>
        <AutoComplete aria-label={t("journeys.form.property")} style={{ width: "100%" }} value={node.property} options={known.map((each) => ({ value: each.ref.name }))} onChange={(property: string) => change({ ...node, property }, "property")} />
      </Labelled>
      <Labelled name={t("journeys.form.value")}>
        <Select aria-label={t("journeys.form.valueKind")} style={{ width: 110 }} value={kind} options={VALUE_KINDS.map((value) => ({ value, label: t(`journeys.form.valueKinds.${value}`) }))} onChange={(next: (typeof VALUE_KINDS)[number]) => change({ ...node, value: begun[next] })} />
        {typeof node.value === "boolean" ? (
          <Switch aria-label={t("journeys.form.value")} checked={node.value} onChange={(value) => change({ ...node, value })} />
        ) : typeof node.value === "number" ? (
          <InputNumber aria-label={t("journeys.form.value")} value={node.value} onChange={(value) => change({ ...node, value: value ?? 0 }, "value")} />
        ) : (
          <Input aria-label={t("journeys.form.value")} style={{ flex: 1, minWidth: 90 }} value={node.value ?? ""} onChange={(event) => change({ ...node, value: event.target.value }, "value")} />
        )}
      </Labelled>
    </>
  );
}

/** A tag kept by hand, and the value that is given or taken away. */
export function TagForm({ node, change }: FormProps<SetTag>) {
  const { t } = useTranslation();
  const tags = useManualTags();
  const values = tags.find((each) => each.id === node.tag)?.values ?? [];
  return (
    <>
      <Pick label={t("journeys.form.tag")} value={node.tag} options={tags} empty={t("journeys.form.noTags")} onChange={(tag) => change({ ...node, tag })} />
      <Checkbox checked={node.value === null} onChange={(event) => change({ ...node, value: event.target.checked ? null : "" })}>
        {t("journeys.form.takeAway")}
      </Checkbox>
      {node.value !== null && (
        <Labelled name={t("journeys.form.tagValue")}>
          <AutoComplete aria-label={t("journeys.form.tagValue")} style={{ width: "100%" }} value={node.value} options={values.map((each) => ({ value: each.value }))} onChange={(value: string) => change({ ...node, value }, "value")} />
        </Labelled>
      )}
    </>
  );
}

export function AudienceForm({ node, change }: FormProps<AddToAudience>) {
  const { t } = useTranslation();
  const audiences = useAudiences().filter((each) => each.kind === "static");
  return (
    <>
      <Pick label={t("journeys.form.staticAudience")} value={node.audience} options={audiences} empty={t("journeys.form.noStatic")} onChange={(audience) => change({ ...node, audience })} />
      <Radio.Group value={node.remove ?? false} options={[{ value: false, label: t("journeys.form.putIn") }, { value: true, label: t("journeys.form.takeOut") }]} onChange={(event) => change({ ...node, remove: event.target.value as boolean })} />
    </>
  );
}

export function GiveForm({ node, change }: FormProps<Give>) {
  const { t } = useTranslation();
  return (
    <>
      <Words label={t("journeys.form.reward")} hint={t("journeys.form.rewardHint")} most={64} placeholder="points" value={node.reward} onChange={(reward) => change({ ...node, reward }, "reward")} />
      <NumberField label={t("journeys.form.quantity")} value={node.quantity ?? 1} onChange={(quantity) => change({ ...node, quantity: quantity ?? 1 }, "quantity")} />
    </>
  );
}

export function TaskForm({ node, change }: FormProps<CreateTask>) {
  const { t } = useTranslation();
  const { id } = useProject();
  const members = [...useMemberNames()].map(([key, name]) => ({ id: key, name }));
  return (
    <>
      <Words label={t("journeys.form.taskTitle")} most={400} value={node.title} onChange={(title) => change({ ...node, title }, "title")} />
      <Pick label={t("journeys.form.member")} value={node.member} options={members} onChange={(member) => change({ ...node, member })} hint={<Link to={`/p/${id}/journeys?tab=tasks`}>{t("journeys.form.taskHint")}</Link>} />
      <Checkbox checked={Boolean(node.due)} onChange={(event) => change({ ...node, due: event.target.checked ? { count: 1, unit: "day" } : null })}>
        {t("journeys.form.hasDue")}
      </Checkbox>
      {node.due && <SpanField label={t("journeys.form.due")} value={node.due} onChange={(due) => change({ ...node, due }, "due")} />}
    </>
  );
}

export function WebhookForm({ node, change }: FormProps<Webhook>) {
  const { t } = useTranslation();
  const channels = useChannels().filter((each) => each.kind === "webhook");
  return <Pick label={t("journeys.form.webhook")} value={node.channel} options={channels} empty={t("journeys.form.noWebhooks")} hint={t("journeys.form.webhookHint")} onChange={(channel) => change({ ...node, channel })} />;
}
