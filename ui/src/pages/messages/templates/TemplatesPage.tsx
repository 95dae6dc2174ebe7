import { Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { LinkButton } from "@/components/LinkButton";
import { PlusOutlined } from "@/components/icons";
import { PageFrame, useUrlState } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import { LookupList } from "./LookupList";
import { SeedList } from "./SeedList";
import { SnippetList } from "./SnippetList";
import { TemplateList } from "./TemplateList";
import "../common/writing.css";

/** Templates, what they share, what they look up, and who gets tests. */
export function TemplatesPage() {
  const { t } = useTranslation();
  const { id } = useProject();
  const url = useUrlState();
  const may = useMay("edit_insights");
  const create = may && (
    <LinkButton type="primary" icon={<PlusOutlined />} to={`/p/${id}/templates/new`}>
      {t("templates.create")}
    </LinkButton>
  );
  return (
    <PageFrame title={t("templates.title")} hint={t("templates.hint")} extra={create}>
      <Tabs
        destroyOnHidden
        activeKey={url.get("tab") || "templates"}
        onChange={(tab) => url.change({ tab: tab === "templates" ? null : tab })}
        items={[
          { key: "templates", label: t("templates.tabs.templates"), children: <TemplateList create={create} /> },
          { key: "snippets", label: t("templates.tabs.snippets"), children: <SnippetList /> },
          { key: "lookups", label: t("templates.tabs.lookups"), children: <LookupList /> },
          { key: "seeds", label: t("templates.tabs.seeds"), children: <SeedList /> },
        ]}
      />
    </PageFrame>
  );
}
