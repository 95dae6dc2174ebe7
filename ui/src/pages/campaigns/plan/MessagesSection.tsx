import { Button, Card, Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { DeleteOutlined, PlusOutlined } from "@/components/icons";
import { useTemplateChoice } from "@/pages/messages/common/queries";
import { useProject } from "@/session/session";
import { useChannels, usePurposes } from "../shared/queries";
import type { Message } from "../shared/types";
import { After } from "./After";
import { usePlanning } from "./PlanContext";

const MOST = 30;

/** A name of a step that no message has. */
export function freeStep(messages: readonly Message[]): string {
  const taken = new Set(messages.map((each) => each.step));
  if (!taken.has("main")) return "main";
  return Array.from({ length: MOST + 1 }, (_, place) => `step-${place + 2}`).find((each) => !taken.has(each)) ?? "step";
}

/** What people get, by which channels, when. */
export function MessagesSection() {
  const { t } = useTranslation();
  const { plan, change, fixed } = usePlanning();
  const purposes = usePurposes();
  const messages = plan.messages ?? [];
  const set = (place: number, changes: Partial<Message>) => change({ messages: messages.map((each, at) => (at === place ? { ...each, ...changes } : each)) });
  const add = () => {
    const last = messages.at(-1);
    const purpose = last?.purpose ?? purposes.find((each) => each.key === "marketing")?.key ?? purposes[0]?.key ?? "marketing";
    change({ messages: [...messages, { step: freeStep(messages), channel_ids: last?.channel_ids ?? [], purpose, after_minutes: last ? (last.after_minutes ?? 0) + 1440 : 0 }] });
  };
  return (
    <div className="stack">
      {messages.length === 0 && <span>{t("campaigns.plan.noMessages")}</span>}
      {messages.map((each, place) => (
        <MessageCard key={place} message={each} place={place} set={(changes) => set(place, changes)} remove={() => change({ messages: messages.filter((_, at) => at !== place) })} />
      ))}
      {!fixed && messages.length < MOST && (
        <div>
          <Button icon={<PlusOutlined />} onClick={add}>
            {t("campaigns.plan.addMessage")}
          </Button>
        </div>
      )}
    </div>
  );
}

interface CardProps {
  message: Message;
  place: number;
  set: (changes: Partial<Message>) => void;
  remove: () => void;
}

function MessageCard({ message, place, set, remove }: CardProps) {
  const { t } = useTranslation();
  const { plan, fixed } = usePlanning();
  const id = (name: string) => `message-${place}-${name}`;
  const number = place + 1;
  const variants = plan.variants ?? [];
  return (
    <Card size="small" type="inner" role="group" aria-label={t("campaigns.plan.message", { number })} title={t("campaigns.plan.message", { number })} extra={!fixed && <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t("campaigns.plan.dropMessage", { number })} onClick={remove} />}>
      <Form layout="vertical" component="div">
        <div className="form-grid">
          <Form.Item label={t("campaigns.plan.step")} htmlFor={id("step")} style={{ margin: 0 }}>
            <Input id={id("step")} maxLength={40} value={message.step} onChange={(event) => set({ step: event.target.value })} />
          </Form.Item>
          <Form.Item label={t("campaigns.plan.forVariant")} htmlFor={id("variant")} style={{ margin: 0 }}>
            <Select id={id("variant")} value={message.variant ?? ""} onChange={(variant: string) => set({ variant: variant || null })} options={[{ value: "", label: t("campaigns.plan.allVariants") }, ...variants.map((each) => ({ value: each.name, label: each.label ? `${each.name} · ${each.label}` : each.name }))]} />
          </Form.Item>
          <After id={id("after")} minutes={message.after_minutes ?? 0} onChange={(after_minutes) => set({ after_minutes })} />
          <SendFields message={message} set={set} id={id} />
        </div>
      </Form>
      <Drafts message={message} set={set} id={id} />
    </Card>
  );
}

function SendFields({ message, set, id }: { message: Message; set: (changes: Partial<Message>) => void; id: (name: string) => string }) {
  const { t } = useTranslation();
  const project = useProject();
  const channels = useChannels();
  const templates = useTemplateChoice(message.template_id);
  const purposes = usePurposes();
  const byPolicy = { value: "" as const, label: t("outbox.asPolicy") };
  const media = new Set(channels.filter((each) => message.channel_ids?.includes(each.id)).map((each) => each.medium));
  const fitting = templates.filter((each) => media.size === 0 || media.has(each.medium) || each.id === message.template_id);
  const mediumOf = (medium: string) => t(`campaigns.media.${medium as "email"}`, { defaultValue: medium });
  return (
    <>
      <Form.Item label={t("campaigns.plan.channels")} htmlFor={id("channels")} extra={t("campaigns.plan.channelsHint")} style={{ margin: 0 }}>
        <Select id={id("channels")} mode="multiple" placeholder={t("campaigns.plan.chooseChannel")} notFoundContent={t("campaigns.plan.noChannels")} value={message.channel_ids ?? []} options={channels.map((each) => ({ value: each.id, label: `${each.name} · ${mediumOf(each.medium)}`, disabled: !each.enabled }))} onChange={(channel_ids) => set({ channel_ids })} />
      </Form.Item>
      <Form.Item label={t("campaigns.plan.template")} htmlFor={id("template")} extra={message.template_id && <Link to={`/p/${project.id}/templates/${message.template_id}`}>{t("campaigns.plan.openTemplate")}</Link>} style={{ margin: 0 }}>
        <Select id={id("template")} allowClear showSearch={{ optionFilterProp: "label" }} placeholder={t("campaigns.plan.chooseTemplate")} notFoundContent={t("campaigns.plan.noTemplates")} value={message.template_id ?? undefined} options={fitting.map((each) => ({ value: each.id, label: `${each.name} · ${mediumOf(each.medium)}` }))} onChange={(template_id?: string) => set({ template_id: template_id ?? null, template_variant: null })} />
      </Form.Item>
      <Form.Item label={t("campaigns.plan.purpose")} htmlFor={id("purpose")} extra={t("campaigns.plan.purposeHint")} style={{ margin: 0 }}>
        <Select id={id("purpose")} value={message.purpose ?? "marketing"} options={purposes.map((each) => ({ value: each.key, label: each.name }))} onChange={(purpose: string) => set({ purpose })} />
      </Form.Item>
      <Form.Item label={t("campaigns.plan.priority")} htmlFor={id("priority")} style={{ margin: 0 }}>
        <Select id={id("priority")} value={message.priority ?? ""} options={[byPolicy, ...(["high", "normal", "low"] as const).map((value) => ({ value, label: t(`campaigns.plan.priorities.${value}`) }))]} onChange={(priority: NonNullable<Message["priority"]> | "") => set({ priority: priority || null })} />
      </Form.Item>
      <Form.Item label={t("outbox.sendTime")} htmlFor={id("send-time")} style={{ margin: 0 }}>
        <Select id={id("send-time")} value={message.send_time ?? ""} options={[byPolicy, ...(["at_once", "best_time"] as const).map((value) => ({ value, label: t(`outbox.sendTimes.${value}`) }))]} onChange={(send_time: NonNullable<Message["send_time"]> | "") => set({ send_time: send_time || null })} />
      </Form.Item>
      <Form.Item label={t("campaigns.plan.templateVariant")} htmlFor={id("template-variant")} extra={t("campaigns.plan.templateVariantHint")} style={{ margin: 0 }}>
        <Input id={id("template-variant")} maxLength={80} value={message.template_variant ?? ""} onChange={(event) => set({ template_variant: event.target.value || null })} />
      </Form.Item>
    </>
  );
}

/** What it might say, for whoever writes the template. */
function Drafts({ message, set, id }: { message: Message; set: (changes: Partial<Message>) => void; id: (name: string) => string }) {
  const { t } = useTranslation();
  const draft: Record<string, string> = message.draft ?? {};
  const languages: ("zh" | "en")[] = ["zh", "en"];
  return (
    <details open={!message.template_id && Boolean(draft.zh || draft.en)} style={{ marginTop: 12 }}>
      <summary style={{ cursor: "pointer" }}>{t("campaigns.plan.draft")}</summary>
      <div className="form-grid" style={{ marginTop: 8 }}>
        {languages.map((each) => (
          <Input.TextArea key={each} id={id(`draft-${each}`)} aria-label={t(`campaigns.plan.drafts.${each}`)} placeholder={t(`campaigns.plan.drafts.${each}`)} autoSize={{ minRows: 2, maxRows: 5 }} maxLength={2000} value={draft[each] ?? ""} onChange={(event) => set({ draft: { ...draft, [each]: event.target.value } })} />
        ))}
      </div>
    </details>
  );
}

