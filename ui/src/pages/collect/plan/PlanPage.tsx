import { Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { PageFrame, useUrlState } from "@/components/page";
import { EventDrawer } from "./EventDrawer";
import { PersonalData } from "./PersonalData";
import { PlanEvents } from "./PlanEvents";
import { PlanFiles } from "./PlanFiles";
import { PlanSettings } from "./PlanSettings";
import { Violations } from "./Violations";

/** The tracking plan: what is expected, what was seen, and how they differ. */
export function PlanPage() {
  const { t } = useTranslation();
  const url = useUrlState();
  return (
    <PageFrame title={t("collect.plan.title")} hint={t("collect.plan.hint")} extra={<PlanFiles />}>
      <PlanSettings />
      <Tabs
        activeKey={url.get("tab") || "events"}
        onChange={(tab) => url.change({ tab: tab === "events" ? null : tab })}
        destroyOnHidden
        items={[
          { key: "events", label: t("collect.plan.tabs.events"), children: <PlanEvents /> },
          { key: "violations", label: t("collect.plan.tabs.violations"), children: <Violations /> },
          { key: "personal", label: t("collect.plan.tabs.personal"), children: <PersonalData /> },
        ]}
      />
      <EventDrawer />
    </PageFrame>
  );
}
