import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Card, Drawer, Form, Input, InputNumber, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Got, Schemas } from "@/api/types";
import { Failure } from "@/components/Failure";
import { CodeBlock, Mark, Moment, useAction } from "@/components/page";
import { Waiting } from "@/components/Waiting";
import { useConfirm } from "@/pages/audiences/common/useConfirm";
import { useProject } from "@/session/session";
import type { Channel } from "../common/types";

type Returns = Got<"/api/projects/{project_id}/message-channels/{channel_id}/returns">;
type Mailbox = NonNullable<Returns["mailbox"]>;

/** How a provider's reports come in: addresses for callbacks, their keys, and a mailbox that is read. */
export function ReturnsDrawer({ channel, close }: { channel: Channel; close: () => void }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const path = { project_id, channel_id: channel.id };
  const returns = useQuery({
    queryKey: ["message-returns", project_id, channel.id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/message-channels/{channel_id}/returns", { params: { path } })),
  });
  return (
    <Drawer open size={720} title={`${t("channels.returns.title")} · ${channel.name}`} onClose={close}>
      {returns.isPending && <Waiting />}
      {returns.error && <Failure error={returns.error} small />}
      {returns.data && (
        <div className="stack" style={{ gap: 16 }}>
          <Callbacks channel={channel} returns={returns.data} />
          {channel.medium === "email" && <MailboxCard channel={channel} returns={returns.data} />}
        </div>
      )}
    </Drawer>
  );
}

interface Props {
  channel: Channel;
  returns: Returns;
}

function useChange(channel: Channel, done: string) {
  const { id: project_id } = useProject();
  return useAction((body: Partial<Schemas["ReturnsChange"]>) => taken(api.PATCH("/api/projects/{project_id}/message-channels/{channel_id}/returns", { params: { path: { project_id, channel_id: channel.id } }, body: body as never })), {
    done,
    refresh: [["message-returns", project_id, channel.id]],
  });
}

function Callbacks({ channel, returns }: Props) {
  const { t } = useTranslation();
  const confirm = useConfirm();
  const change = useChange(channel, t("channels.returns.saved"));
  const renew = useChange(channel, t("channels.returns.renewed"));
  const heard = returns.heard ? t("channels.returns.heard", { count: returns.heard }) : t("channels.returns.notHeard");
  return (
    <div className="stack">
      <span>{t("channels.returns.hint")}</span>
      <Alert type="warning" showIcon title={t("channels.returns.secret")} />
      {returns.callbacks.map((each) => (
        <div key={each.provider} className="stack" style={{ gap: 4 }}>
          <span className="row">
            <strong>{t("channels.returns.callback", { provider: t(`channels.returns.providers.${each.provider}`) })}</strong>
            <Mark tone={each.is_signed ? "good" : "quiet"}>{t(each.is_signed ? "channels.returns.signed" : "channels.returns.unsigned")}</Mark>
          </span>
          <CodeBlock code={each.url} label={t("channels.returns.callback", { provider: t(`channels.returns.providers.${each.provider}`) })} />
        </div>
      ))}
      <span className="row">
        {heard} {returns.heard_at && <Moment at={returns.heard_at} />}
      </span>
      {channel.medium === "email" && (
        <div className="form-grid">
          {(["mailgun_key", "sendgrid_key"] as const).map((name) => (
            <KeyField key={name} label={t(`channels.returns.keys.${name}`)} isSet={returns.secrets.includes(name)} save={(text) => change.mutate({ [name]: text })} />
          ))}
          <KeyField label={t("channels.returns.keys.topic_arn")} initial={returns.topic_arn} isSet={false} save={(topic_arn) => change.mutate({ topic_arn })} />
        </div>
      )}
      <div>
        <Button size="small" danger loading={renew.isPending} onClick={() => void confirm(t("channels.returns.renewConfirm"), () => renew.mutate({ renew: true }))}>
          {t("channels.returns.renew")}
        </Button>
      </div>
    </div>
  );
}

interface KeyProps {
  label: string;
  isSet: boolean;
  initial?: string;
  save: (text: string) => void;
}

function KeyField({ label, isSet, initial, save }: KeyProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(initial ?? "");
  const Field = initial === undefined ? Input.Password : Input;
  return (
    <div className="stack" style={{ gap: 4 }}>
      <span>{label}</span>
      <span className="row" style={{ flexWrap: "nowrap" }}>
        <Field aria-label={label} autoComplete="new-password" placeholder={isSet ? t("channels.secretSet") : undefined} value={text} onChange={(event) => setText(event.target.value)} />
        <Button disabled={initial === undefined ? text === "" : text === initial} onClick={() => save(text)}>
          {t("common.save")}
        </Button>
      </span>
    </div>
  );
}

const NO_MAILBOX: Mailbox = { host: "", port: 993, security: "tls", username: "", folder: "INBOX" };

function MailboxCard({ channel, returns }: Props) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const [held, hold] = useState<Mailbox>(returns.mailbox ?? NO_MAILBOX);
  const [password, setPassword] = useState("");
  const change = useChange(channel, t("channels.returns.saved"));
  const poll = useAction(() => taken(api.POST("/api/projects/{project_id}/message-channels/{channel_id}/returns/poll", { params: { path: { project_id, channel_id: channel.id } } })), {
    done: (found) => t("channels.returns.polled", { mails: found.mails, reports: found.reports }),
    refresh: [["message-returns", project_id, channel.id]],
  });
  const save = () => change.mutate({ mailbox: held, ...(password ? { mailbox_password: password } : {}) });
  return (
    <Card size="small" title={t("channels.returns.mailbox")}>
      <Form layout="vertical" component="div" requiredMark={false}>
        <p style={{ marginTop: 0 }}>{t("channels.returns.mailboxHint")}</p>
        {returns.problem && <Alert type="error" showIcon title={returns.problem} style={{ marginBottom: 12 }} />}
        <div className="form-grid">
          <Form.Item label={t("channels.server.host")} htmlFor="mailbox-host">
            <Input id="mailbox-host" placeholder="imap.example.com" value={held.host} onChange={(event) => hold({ ...held, host: event.target.value.trim() })} />
          </Form.Item>
          <Form.Item label={t("channels.server.port")} htmlFor="mailbox-port">
            <InputNumber id="mailbox-port" min={1} max={65535} precision={0} style={{ width: "100%" }} value={held.port} onChange={(port) => hold({ ...held, port: port ?? 993 })} />
          </Form.Item>
          <Form.Item label={t("channels.server.security")}>
            <Select aria-label={t("channels.server.security")} value={held.security} options={(["tls", "starttls", "none"] as const).map((value) => ({ value, label: t(`channels.server.securities.${value}`) }))} onChange={(security: Mailbox["security"]) => hold({ ...held, security })} />
          </Form.Item>
          <Form.Item label={t("channels.returns.username")} htmlFor="mailbox-user">
            <Input id="mailbox-user" autoComplete="off" value={held.username} onChange={(event) => hold({ ...held, username: event.target.value })} />
          </Form.Item>
          <Form.Item label={t("channels.server.password")} htmlFor="mailbox-password">
            <Input.Password id="mailbox-password" autoComplete="new-password" placeholder={returns.secrets.includes("mailbox_password") ? t("channels.secretSet") : undefined} value={password} onChange={(event) => setPassword(event.target.value)} />
          </Form.Item>
          <Form.Item label={t("channels.returns.folder")} htmlFor="mailbox-folder">
            <Input id="mailbox-folder" value={held.folder} onChange={(event) => hold({ ...held, folder: event.target.value })} />
          </Form.Item>
        </div>
        <span className="row">
          <Button type="primary" loading={change.isPending} disabled={!held.host || !held.username} onClick={save}>
            {t("channels.returns.saveMailbox")}
          </Button>
          {returns.mailbox && (
            <Button loading={poll.isPending} onClick={() => poll.mutate()}>
              {t("channels.returns.poll")}
            </Button>
          )}
          {returns.polled_at && (
            <span>
              {t("channels.returns.polledAt")} <Moment at={returns.polled_at} />
            </span>
          )}
        </span>
      </Form>
    </Card>
  );
}
