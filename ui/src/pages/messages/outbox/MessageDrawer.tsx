import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Descriptions, Drawer, Timeline } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, taken } from "@/api/client";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { Mark, Moment, useAction } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import { Said } from "./Said";
import { type Message, TONES, useCampaigns, useChannels, useJourneys, useReason, useTemplates } from "./queries";

interface Props {
  message: Message;
  close: () => void;
}

/** One message: whom it goes to, what it says, and what happened to it. */
export function MessageDrawer({ message, close }: Props) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const may = useMay("edit_data");
  const cancel = useAction(() => taken(api.POST("/api/projects/{project_id}/messages/cancel", { params: { path: { project_id } }, body: { message_ids: [message.id] } })), {
    done: (answer) => t("outbox.cancelled", { count: answer.changed }),
    refresh: [["messages", project_id]],
    onDone: close,
  });
  const waits = message.state === "queued" || message.state === "held";
  return (
    <Drawer
      open
      size={760}
      title={t("outbox.detail", { id: message.id })}
      onClose={close}
      extra={
        may &&
        waits && (
          <Button danger loading={cancel.isPending} onClick={() => cancel.mutate()}>
            {t("outbox.cancelMessage")}
          </Button>
        )
      }
    >
      <div className="stack">
        <Facts message={message} />
        <h2 style={{ fontSize: 15, margin: 0 }}>{t("outbox.said")}</h2>
        <Said id={message.id} />
        <h2 style={{ fontSize: 15, margin: 0 }}>{t("outbox.history")}</h2>
        <History message={message} />
      </div>
    </Drawer>
  );
}

function Facts({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { id } = useProject();
  const channels = useChannels();
  const templates = useTemplates();
  const campaigns = useCampaigns();
  const journeys = useJourneys();
  const reason = useReason();
  const { $campaign_id: campaign, $journey_id: journey } = message.origin;
  const by = (what: Message["by_policy"][number]) => (message.by_policy.includes(what) ? ` · ${t("outbox.byPolicy")}` : "");
  const items: { key: string; label: string; children: ReactNode }[] = [
    {
      key: "state",
      label: t("outbox.state"),
      children: (
        <span>
          <Mark tone={TONES[message.state]}>{t(`outbox.states.${message.state}`)}</Mark>
          {reason(message.reason)} {message.detail}
        </span>
      ),
    },
    { key: "person", label: t("nav.pages.people"), children: <Link to={`/p/${id}/person?person=${encodeURIComponent(message.person)}`}>{message.person}</Link> },
    { key: "channel", label: t("outbox.channel"), children: channels.nameOf(message.channel_id) },
    { key: "template", label: t("outbox.template"), children: message.template_id ? `${templates.nameOf(message.template_id)} · ${message.template_version ?? ""}` : "–" },
    { key: "purpose", label: t("outbox.purpose"), children: message.purpose },
    { key: "priority", label: t("outbox.priority"), children: t(`outbox.priorities.${message.priority as 0 | 1 | 2}`) + by("priority") },
    ...(message.send_time ? [{ key: "send_time", label: t("outbox.sendTime"), children: t(`outbox.sendTimes.${message.send_time}`) + by("send_time") }] : []),
    { key: "origin", label: t("outbox.origin"), children: campaign ? campaigns.nameOf(campaign) : journey ? journeys.nameOf(journey) : message.occurrence },
    { key: "variant", label: t("outbox.variant"), children: message.variant ?? "–" },
  ];
  return <Descriptions size="small" bordered column={{ xs: 1, md: 2 }} items={items} />;
}

/** What the outbox knows and what the log knows, in order of time. */
function History({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const channels = useChannels();
  const reason = useReason();
  const events = useQuery({
    queryKey: ["messages", project_id, "events", message.id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/messages/{message_id}/events", { params: { path: { project_id, message_id: message.id } } })),
  });
  if (events.error) return <Failure error={events.error} small />;
  if (events.isPending) return <Waiting />;
  const step = (at: string | null, text: ReactNode, color = "gray") => ({ at: at ? Date.parse(at) : Number.MAX_SAFE_INTEGER, color, content: <span>{text} {at && <Moment at={at} seconds />}</span> });
  const told = events.data.map((each) => {
    const said = Object.entries(each.properties).filter(([name]) => name === "$url" || name === "$reason" || name === "$told_by");
    const name = t(`outbox.events.${each.event}` as "outbox.events.$message_sent");
    const bad = each.event === "$message_bounced" || each.event === "$message_complained" || each.event === "$message_suppressed";
    return step(each.at, [name, ...said.map(([key, value]) => (key === "$reason" ? reason(String(value)) : String(value)))].filter(Boolean).join(" · "), bad ? "red" : "green");
  });
  const steps = [
    step(message.created_at, t("outbox.steps.created")),
    ...(message.state === "queued" ? [step(message.due_at, t("outbox.steps.due"))] : []),
    ...message.trail.map((each) => step(null, t("outbox.steps.tried", { channel: channels.nameOf(each.channel_id), reason: reason(each.reason) }), "orange")).map((each) => ({ ...each, at: Date.parse(message.sent_at ?? message.due_at) - 1 })),
    ...(message.sent_at && !told.length ? [step(message.sent_at, t("outbox.steps.sent"))] : []),
    ...(message.ended_at && message.state !== "sent" && !told.length ? [step(message.ended_at, t("outbox.steps.ended", { state: t(`outbox.states.${message.state}`) }), "orange")] : []),
    ...told,
  ].toSorted((one, other) => one.at - other.at);
  return (
    <>
      {message.attempts > 1 && <Alert type="info" showIcon title={t("outbox.steps.attempts", { count: message.attempts })} />}
      <Timeline style={{ paddingTop: 8 }} items={steps} />
    </>
  );
}
