import { useMutation, useQuery } from "@tanstack/react-query";
import { Button, Form, Input, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { api, ApiError, taken } from "@/api/client";
import { chooseLanguage } from "@/i18n";
import { useFreshSession } from "@/session/session";
import { OpenPage } from "./OpenPage";

interface Entered {
  email: string;
  password: string;
  totp?: string;
}

/** An address inside these pages; anything else would lead a visitor away. */
export function insideAddress(next: string | null): string {
  return next?.startsWith("/") && !next.startsWith("//") && !next.startsWith("/\\") ? next : "/";
}

function needsCode(error: unknown): boolean {
  return error instanceof ApiError && error.code === "totp_needed";
}

export function LoginPage() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const forget = useFreshSession();
  const [asksCode, setAsksCode] = useState(false);
  const login = useMutation({
    mutationFn: async (body: Entered) => (await api.POST("/api/login", { body })).data,
    // A wrong code is refused in the same words as a wrong password: the field stays once it was asked for.
    onError: (error) => setAsksCode((asked) => asked || needsCode(error)),
    onSuccess: async (me) => {
      forget();
      if (me) await chooseLanguage(me.member.language);
      await navigate(insideAddress(search.get("next")), { replace: true });
    },
  });
  const provider = useQuery({ queryKey: ["oidc"], queryFn: () => taken(api.GET("/api/oidc")) });
  const refused = search.get("error");
  const isFirstAsk = needsCode(login.error);
  return (
    <OpenPage title={t("access.login.title")} error={isFirstAsk ? null : (login.error ?? (refused ? new ApiError(403, refused, t("access.login.providerRefused"), null, t("access.login.providerHint")) : null))}>
      <Form<Entered> layout="vertical" requiredMark={false} onFinish={(entered) => login.mutate(entered)}>
        <Form.Item name="email" label={t("access.login.email")} rules={[{ required: true, message: t("access.required") }]}>
          <Input autoComplete="username" type="email" autoFocus />
        </Form.Item>
        <Form.Item name="password" label={t("access.login.password")} rules={[{ required: true, message: t("access.required") }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        {asksCode && (
          <Form.Item name="totp" label={t("access.login.totp")} extra={t("access.login.totpHint")}>
            <Input autoComplete="one-time-code" inputMode="numeric" maxLength={6} autoFocus />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" block loading={login.isPending}>
          {t("access.login.submit")}
        </Button>
      </Form>
      {provider.data?.enabled && (
        <Button block style={{ marginTop: 12 }} href={`/api/oidc/login?next=${encodeURIComponent(insideAddress(search.get("next")))}`}>
          {t("access.login.provider", { name: provider.data.name ?? "OpenID Connect" })}
        </Button>
      )}
      <Typography.Paragraph type="secondary" style={{ margin: "16px 0 0" }}>
        {t("access.login.forgotten")}
      </Typography.Paragraph>
    </OpenPage>
  );
}
