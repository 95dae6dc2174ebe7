import { Button, Card, Form, Input, QRCode, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { CopyButton, useAction } from "@/components/page";

/** Turns codes of an authenticator app on and off. */
export function TotpCard({ enabled }: { enabled: boolean }) {
  const { t } = useTranslation();
  const [started, setStarted] = useState<Schemas["TotpStarted"] | null>(null);
  const start = useAction(() => taken(api.POST("/api/me/totp")), { onDone: setStarted });
  return (
    <Card size="small" title={t("access.account.totp")}>
      <div className="stack">
        <span>{t(enabled ? "access.account.totpOn" : "access.account.totpOff")}</span>
        {enabled && <TurnOff />}
        {!enabled && started && <Confirm started={started} close={() => setStarted(null)} />}
        {!enabled && !started && (
          <div>
            <Button loading={start.isPending} onClick={() => start.mutate()}>
              {t("access.account.totpStart")}
            </Button>
          </div>
        )}
      </div>
    </Card>
  );
}

function Confirm({ started, close }: { started: Schemas["TotpStarted"]; close: () => void }) {
  const { t } = useTranslation();
  const confirm = useAction((body: { code: string }) => api.POST("/api/me/totp/confirm", { body: { code: body.code.trim() } }), {
    done: t("access.account.totpStarted"),
    refresh: [["me"], ["my-sessions"]],
    onDone: close,
  });
  return (
    <div className="stack">
      <Typography.Text type="secondary">{t("access.account.totpScan")}</Typography.Text>
      {/* Phones read dark squares on white only. */}
      <QRCode value={started.otpauth_uri} size={168} color="#000000" bgColor="#ffffff" type="svg" />
      <div className="row">
        <span>{t("access.account.totpSecret")}</span>
        <Typography.Text code style={{ overflowWrap: "anywhere" }}>
          {started.secret}
        </Typography.Text>
        <CopyButton text={started.secret} label={t("access.account.totpSecret")} />
      </div>
      <Form layout="inline" onFinish={confirm.mutate} requiredMark={false}>
        <Form.Item name="code" label={t("access.login.totp")} rules={[{ required: true, message: t("access.required") }]}>
          <Input autoComplete="one-time-code" inputMode="numeric" maxLength={6} style={{ width: 120 }} autoFocus />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={confirm.isPending}>
          {t("access.account.totpConfirm")}
        </Button>
        <Button type="text" onClick={close}>
          {t("common.cancel")}
        </Button>
      </Form>
    </div>
  );
}

function TurnOff() {
  const { t } = useTranslation();
  const remove = useAction((body: { password: string }) => api.DELETE("/api/me/totp", { body }), { done: t("access.account.totpRemoved"), refresh: [["me"]] });
  return (
    <Form layout="vertical" requiredMark={false} onFinish={remove.mutate}>
      <Form.Item name="password" label={t("access.account.currentPassword")} rules={[{ required: true, message: t("access.required") }]}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <Button danger htmlType="submit" loading={remove.isPending}>
        {t("access.account.totpRemove")}
      </Button>
    </Form>
  );
}
