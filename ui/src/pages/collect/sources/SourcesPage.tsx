import { Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { PageFrame, useUrlState } from "@/components/page";
import { useMay } from "@/session/session";
import { ApiKeys } from "./ApiKeys";
import { Snippets } from "./Snippets";
import { SourceList } from "./SourceList";

/** Where data comes from, with which keys, and what to paste where. */
export function SourcesPage() {
  const { t } = useTranslation();
  const url = useUrlState();
  const manages = useMay("manage_project");
  const tabs = [
    { key: "sources", label: t("collect.sources.tabs.sources"), children: <SourceList /> },
    { key: "snippets", label: t("collect.sources.tabs.snippets"), children: <Snippets /> },
    ...(manages ? [{ key: "keys", label: t("collect.sources.tabs.keys"), children: <ApiKeys /> }] : []),
  ];
  return (
    <PageFrame title={t("collect.sources.title")} hint={t("collect.sources.hint")}>
      <Tabs destroyOnHidden activeKey={url.get("tab") || "sources"} onChange={(tab) => url.change({ tab: tab === "sources" ? null : tab })} items={tabs} />
    </PageFrame>
  );
}
