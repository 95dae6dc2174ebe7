import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { AppstoreAddOutlined, BellOutlined, CodeOutlined, InboxOutlined, MailOutlined, MessageOutlined, TeamOutlined } from "@/components/icons";
import type { Medium } from "./types";

const ICONS: Record<Medium, ReactNode> = {
  email: <MailOutlined />,
  sms: <MessageOutlined />,
  push: <BellOutlined />,
  in_app: <InboxOutlined />,
  bot: <TeamOutlined />,
  webhook: <CodeOutlined />,
};

/** On which way something reaches people, with its icon. */
export function MediumMark({ medium }: { medium: Medium }) {
  const { t } = useTranslation();
  return (
    <span className="row" style={{ gap: 6, flexWrap: "nowrap", whiteSpace: "nowrap" }}>
      {ICONS[medium] ?? <AppstoreAddOutlined />}
      {t(`templates.media.${medium}`)}
    </span>
  );
}
