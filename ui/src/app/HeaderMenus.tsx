import { BulbOutlined, TranslationOutlined, UserOutlined } from "@/components/icons";
import { Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api } from "@/api/client";
import { chooseLanguage } from "@/i18n";
import { useFreshSession, useMe } from "@/session/session";
import { type ThemeChoice, usePreferences } from "./preferences";

export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  const other = i18n.language === "zh" ? "en" : "zh";
  return (
    <Button type="text" icon={<TranslationOutlined />} lang={other} onClick={() => void chooseLanguage(other)} title={t("nav.language")}>
      {other === "zh" ? "中文" : "English"}
    </Button>
  );
}

export function ThemeSwitch() {
  const { t } = useTranslation();
  const { theme, setTheme } = usePreferences();
  const choices: ThemeChoice[] = ["system", "light", "dark"];
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        selectedKeys: [theme],
        items: choices.map((key) => ({ key, label: t(`nav.themes.${key}`) })),
        onClick: ({ key }) => setTheme(key as ThemeChoice),
      }}
    >
      <Button type="text" icon={<BulbOutlined />} aria-label={t("nav.theme")} />
    </Dropdown>
  );
}

export function MemberMenu() {
  const { t } = useTranslation();
  const { member } = useMe();
  const navigate = useNavigate();
  const forget = useFreshSession();
  const leave = async () => {
    await api.POST("/api/logout");
    forget();
    await navigate("/login");
  };
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [
          { key: "account", label: t("nav.account"), onClick: () => void navigate("/account") },
          { type: "divider" },
          { key: "logout", label: t("nav.logout"), onClick: () => void leave() },
        ],
      }}
    >
      <Button type="text" icon={<UserOutlined />}>
        {member.name}
      </Button>
    </Dropdown>
  );
}
