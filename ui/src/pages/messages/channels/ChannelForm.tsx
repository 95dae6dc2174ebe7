import { Alert, Button, Form, Input, InputNumber } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ApiError, taken } from "@/api/client";
import { useAction } from "@/components/page";
import { useProject } from "@/session/session";
import type { Channel, Kind } from "../common/types";
import { ServersField } from "./ServersField";
import { SettingInput } from "./SettingInput";
import { bodyOf, fieldsOf, type Held, heldOf, type MailServer, missingIn } from "./settings";
import { useKindWords } from "./words";

interface Props {
  kind: Kind;
  channel: Channel | null;
  close: () => void;
  made: (channel: Channel) => void;
}

const PROPERTIES: Record<string, string> = { email: "$email, email", phone: "$phone, phone, mobile", push: "$push_token, push_token", mention: "" };

/** The form of a kind, made of its settings. Secrets go in and are not shown again. */
export function ChannelForm({ kind, channel, close, made }: Props) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const words = useKindWords();
  const [held, hold] = useState(() => heldOf(kind, channel, words(kind.kind).name));
  const [tried, setTried] = useState(false);
  const missing = tried ? missingIn(kind, held, channel) : [];
  const save = useAction(
    () => {
      const body = bodyOf(kind, held);
      if (channel) return taken(api.PATCH("/api/projects/{project_id}/message-channels/{channel_id}", { params: { path: { project_id, channel_id: channel.id } }, body: body as never }));
      return taken(api.POST("/api/projects/{project_id}/message-channels", { params: { path: { project_id } }, body: { ...body, kind: kind.kind } as never }));
    },
    {
      done: t(channel ? "channels.saved" : "channels.made"),
      refresh: [["message-channels", project_id]],
      onDone: (saved) => (channel ? close() : made(saved)),
    },
  );
  const refused = save.error instanceof ApiError ? save.error : null;
  const fields = fieldsOf(kind);
  const setting = (advanced: boolean) =>
    fields
      .filter((each) => each.advanced === advanced)
      .map((each) => <SettingInput key={each.name} kind={kind.kind} field={each} held={held} hold={hold} isSet={channel?.secrets.includes(each.name) ?? false} missing={missing.includes(each.name)} refused={refused?.path?.split(".")[0] === each.name ? refused.message : undefined} />);
  const submit = () => {
    setTried(true);
    if (missingIn(kind, held, channel).length === 0) save.mutate();
  };
  return (
    <Form layout="vertical" component="form" requiredMark={false} onFinish={submit}>
      <Form.Item label={t("channels.name")} htmlFor="channel-name" validateStatus={missing.includes("name") || refused?.path === "name" ? "error" : undefined} help={missing.includes("name") ? t("channels.required") : refused?.path === "name" ? refused.message : undefined}>
        <Input id="channel-name" autoComplete="off" maxLength={200} value={held.name} onChange={(event) => hold({ ...held, name: event.target.value })} />
      </Form.Item>
      {kind.kind === "smtp" && (
        <ServersField
          servers={(held.settings["servers"] ?? []) as MailServer[]}
          passwords={held.passwords}
          hasPasswords={channel?.secrets.includes("passwords") ?? false}
          missing={missing.includes("servers")}
          change={(servers, passwords) => hold({ ...held, settings: { ...held.settings, servers }, passwords })}
        />
      )}
      {setting(false)}
      <Sending kind={kind} held={held} hold={hold} />
      {fields.some((each) => each.advanced) && (
        <details style={{ marginBottom: 16 }}>
          <summary style={{ cursor: "pointer" }}>{t("channels.advanced")}</summary>
          <div className="form-grid" style={{ paddingTop: 12 }}>
            {setting(true)}
          </div>
        </details>
      )}
      {refused && <Alert type="error" showIcon title={refused.message} description={refused.hint} style={{ marginBottom: 16 }} />}
      <Button type="primary" htmlType="submit" loading={save.isPending}>
        {t("common.save")}
      </Button>
    </Form>
  );
}

function Sending({ kind, held, hold }: { kind: Kind; held: Held; hold: (held: Held) => void }) {
  const { t } = useTranslation();
  const { currency } = useProject();
  const names = PROPERTIES[kind.address];
  return (
    <div className="form-grid">
      <Form.Item label={t("channels.perSecondField")} htmlFor="channel-rate" extra={t("channels.perSecondHint")}>
        <InputNumber id="channel-rate" min={0.001} max={100000} style={{ width: "100%" }} value={held.per_second} onChange={(per_second) => hold({ ...held, per_second })} />
      </Form.Item>
      <Form.Item label={t("channels.costField", { currency })} htmlFor="channel-cost" extra={t("channels.costHint")}>
        <InputNumber id="channel-cost" min={0} max={100000} step={0.01} style={{ width: "100%" }} value={held.cost_per_message} onChange={(cost_per_message) => hold({ ...held, cost_per_message })} />
      </Form.Item>
      {names !== undefined && (
        <Form.Item label={t("channels.propertyField")} htmlFor="channel-property" extra={names ? t("channels.propertyHint", { names }) : undefined}>
          <Input id="channel-property" maxLength={400} value={held.address_property} onChange={(event) => hold({ ...held, address_property: event.target.value })} />
        </Form.Item>
      )}
    </div>
  );
}
