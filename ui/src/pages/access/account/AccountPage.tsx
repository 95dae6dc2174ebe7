import { ArrowLeftOutlined } from "@/components/icons";
import { Alert, Button, Card, Descriptions, Form, Input, Segmented, theme } from "antd";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { LanguageSwitch, ThemeSwitch } from "@/app/HeaderMenus";
import { PageFrame, useAction } from "@/components/page";
import { chooseLanguage, type Language, LANGUAGES } from "@/i18n";
import { homeProject, useMe } from "@/session/session";
import { PasswordCard } from "./PasswordCard";
import { Sessions } from "./Sessions";
import { Tokens } from "./Tokens";
import { TotpCard } from "./TotpCard";

/** What a member sees and changes of themselves. */
export function AccountPage() {
  const { t } = useTranslation();
  const me = useMe();
  const home = homeProject(me);
  const { token } = theme.useToken();
  return (
    <main style={{ height: "100vh", overflow: "auto", background: token.colorBgLayout, color: token.colorText }}>
      <div style={{ maxWidth: 1080, margin: "0 auto" }}>
        <PageFrame
          title={t("access.account.title")}
          hint={me.member.email}
          extra={
            <>
              {home && (
                <Link to={`/p/${home.id}/dashboards`}>
                  <Button icon={<ArrowLeftOutlined />}>{t("access.account.backTo")}</Button>
                </Link>
              )}
              <LanguageSwitch />
              <ThemeSwitch />
            </>
          }
        >
          {!home && <Alert type="info" showIcon title={t("access.account.noProject")} description={t("access.account.noProjectHint")} />}
          <div style={{ display: "grid", gridTemplateColumns: "repeat(auto-fit, minmax(340px, 1fr))", gap: 16, alignItems: "start" }}>
            <div className="stack" style={{ gap: 16 }}>
              <ProfileCard me={me} />
              {me.member.has_password && <TotpCard enabled={me.member.totp_enabled} />}
            </div>
            {me.member.has_password && <PasswordCard />}
          </div>
          <Sessions />
          <Tokens />
        </PageFrame>
      </div>
    </main>
  );
}

function ProfileCard({ me }: { me: Schemas["Me"] }) {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const change = useAction((body: Schemas["MeChange"]) => taken(api.PATCH("/api/me", { body })), {
    done: t("common.saved"),
    onDone: (after) => queries.setQueryData(["me"], after),
  });
  const speak = async (language: Language) => {
    await chooseLanguage(language);
    change.mutate({ language });
  };
  return (
    <Card size="small" title={t("access.account.profile")}>
      <Form layout="vertical" requiredMark={false} initialValues={{ name: me.member.name }} onFinish={({ name }: { name: string }) => change.mutate({ name: name.trim() })}>
        <Form.Item name="name" label={t("access.name")} rules={[{ required: true, whitespace: true, message: t("access.required") }]}>
          <Input autoComplete="name" maxLength={200} />
        </Form.Item>
        <Descriptions size="small" items={[{ key: "email", label: t("access.account.email"), children: me.member.email }]} />
        <div className="stack" style={{ gap: 4, margin: "12px 0 16px" }}>
          <span>{t("access.account.language")}</span>
          <div>
            <Segmented<Language>
              aria-label={t("access.account.language")}
              value={i18n.language === "en" ? "en" : "zh"}
              options={LANGUAGES.map((value) => ({ value, label: t(`access.account.languages.${value}`) }))}
              onChange={(chosen) => void speak(chosen)}
            />
          </div>
        </div>
        <Button type="primary" htmlType="submit" loading={change.isPending}>
          {t("common.save")}
        </Button>
      </Form>
    </Card>
  );
}
