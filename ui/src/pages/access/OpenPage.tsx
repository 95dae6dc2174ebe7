import { Alert, Card, Typography } from "antd";
import type { ReactNode } from "react";
import { ApiError } from "@/api/client";
import { LanguageSwitch } from "@/app/HeaderMenus";
import mark from "@/app/mark.svg";
import { useTranslation } from "react-i18next";

interface Props {
  title: string;
  hint?: string;
  error?: unknown;
  children?: ReactNode;
}

/** The frame of the pages that need no log-in. */
export function OpenPage({ title, hint, error, children }: Props) {
  const { t } = useTranslation();
  const refused = error instanceof ApiError ? error : null;
  return (
    <main style={{ minHeight: "100vh", display: "grid", placeItems: "center", background: "linear-gradient(135deg, rgb(51 85 255 / 8%), rgb(24 181 164 / 8%))" }}>
      <div style={{ position: "fixed", top: 12, right: 12 }}>
        <LanguageSwitch />
      </div>
      <Card style={{ width: 400, maxWidth: "94vw" }}>
        <div className="row" style={{ gap: 10, marginBottom: 16 }}>
          <img src={mark} alt="" width={30} height={30} />
          <strong style={{ fontSize: 17 }}>Bihuan 闭环</strong>
        </div>
        <Typography.Title level={1} style={{ fontSize: 20, marginTop: 0 }}>
          {title}
        </Typography.Title>
        {hint && <Typography.Paragraph type="secondary">{hint}</Typography.Paragraph>}
        {error != null && (
          <Alert
            type="error"
            showIcon
            style={{ marginBottom: 16 }}
            title={refused?.message ?? t("errors.unreachable")}
            description={refused ? refused.hint : t("errors.unreachableHint")}
          />
        )}
        {children}
      </Card>
    </main>
  );
}

/** The token of a link: it stands behind #, so that no server's log has it. */
export function tokenOfLink(): string {
  return window.location.hash.slice(1);
}
