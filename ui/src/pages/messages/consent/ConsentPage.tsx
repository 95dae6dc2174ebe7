import { Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { PageFrame, useUrlState } from "@/components/page";
import { PageSettings } from "./PageSettings";
import { Purposes } from "./Purposes";
import { Suppressions } from "./Suppressions";
import { Wordings } from "./Wordings";
import "../messages.css";

/** Who agreed to what, whom nobody writes to, and the page on which people say so. */
export function ConsentPage() {
  const { t } = useTranslation();
  const url = useUrlState();
  return (
    <PageFrame title={t("consent.title")} hint={t("consent.hint")}>
      <Tabs
        destroyOnHidden
        activeKey={url.get("tab") || "purposes"}
        onChange={(tab) => url.change({ tab: tab === "purposes" ? null : tab })}
        items={[
          { key: "purposes", label: t("consent.tabs.purposes"), children: <Purposes /> },
          { key: "suppressions", label: t("consent.tabs.suppressions"), children: <Suppressions /> },
          { key: "wordings", label: t("consent.tabs.wordings"), children: <Wordings /> },
          { key: "page", label: t("consent.tabs.page"), children: <PageSettings /> },
        ]}
      />
    </PageFrame>
  );
}
