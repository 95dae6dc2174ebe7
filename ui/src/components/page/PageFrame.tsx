import { ConfigProvider, Typography } from "antd";
import type { ReactNode } from "react";
import { usePreferences } from "@/app/preferences";

interface Props {
  title: string;
  hint?: ReactNode;
  extra?: ReactNode;
  children: ReactNode;
}

// Ant Design's own colours of placeholders, errors and warnings are too pale to be read as text.
const READABLE = {
  light: { colorTextPlaceholder: "#6b7688", colorTextDisabled: "#6b7688", colorError: "#cf222e", colorErrorText: "#cf222e" },
  dark: { colorTextPlaceholder: "#8a96aa", colorTextDisabled: "#8a96aa", colorError: "#ff8a84", colorErrorText: "#ff7b72" },
};
const DARK_PARTS = { Table: { rowSelectedBg: "#1a2136", rowSelectedHoverBg: "#1d2540" }, Tabs: { itemSelectedColor: "#8aa2ff", itemHoverColor: "#a9bbff", itemActiveColor: "#8aa2ff", inkBarColor: "#8aa2ff" } };

/** A page's heading, what can be done on the whole page, and the page. */
export function PageFrame({ title, hint, extra, children }: Props) {
  const { dark } = usePreferences();
  return (
    <ConfigProvider theme={{ token: READABLE[dark ? "dark" : "light"], components: dark ? DARK_PARTS : undefined }}>
      <div className="stack" style={{ padding: "16px 20px 32px", gap: 16, maxWidth: 1680 }}>
        <div className="row between" style={{ alignItems: "flex-start" }}>
          <div className="stack" style={{ gap: 2 }}>
            <Typography.Title level={1} style={{ fontSize: 20, margin: 0 }}>
              {title}
            </Typography.Title>
            {hint && <Typography.Text type="secondary">{hint}</Typography.Text>}
          </div>
          {extra && <div className="row">{extra}</div>}
        </div>
        {children}
      </div>
    </ConfigProvider>
  );
}
