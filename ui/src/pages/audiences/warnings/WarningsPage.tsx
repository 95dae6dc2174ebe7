import { Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { PlusOutlined } from "@/components/icons";
import { LinkButton } from "@/components/LinkButton";
import { PageFrame, useUrlState } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import { RuleList } from "./RuleList";
import { WarningList } from "./WarningList";
import "../audiences.css";

/** Warnings that were given, and what is watched. */
export function WarningsPage() {
  const { t } = useTranslation();
  const { id } = useProject();
  const url = useUrlState();
  const may = useMay("edit_insights");
  const create = may && (
    <LinkButton type="primary" icon={<PlusOutlined />} to={`/p/${id}/warnings/rules/new`}>
      {t("warnings.create")}
    </LinkButton>
  );
  return (
    <PageFrame title={t("warnings.title")} hint={t("warnings.hint")} extra={create}>
      <Tabs
        destroyOnHidden
        activeKey={url.get("tab") || "warnings"}
        onChange={(tab) => url.change({ tab: tab === "warnings" ? null : tab })}
        items={[
          { key: "warnings", label: t("warnings.tabs.warnings"), children: <WarningList create={create} /> },
          { key: "rules", label: t("warnings.tabs.rules"), children: <RuleList create={create} /> },
        ]}
      />
    </PageFrame>
  );
}
