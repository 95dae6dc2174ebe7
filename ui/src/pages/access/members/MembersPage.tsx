import { Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { PageFrame, useUrlState } from "@/components/page";
import { useMay } from "@/session/session";
import { Invitations } from "./Invitations";
import { InviteButton } from "./InviteButton";
import { MemberList } from "./MemberList";
import { RoleMatrix } from "./RoleMatrix";

/** Who may enter the project, and what they may do. */
export function MembersPage() {
  const { t } = useTranslation();
  const url = useUrlState();
  const manages = useMay("manage_members");
  return (
    <PageFrame title={t("access.members.title")} hint={t("access.members.hint")} extra={manages && <InviteButton />}>
      <Tabs
        destroyOnHidden
        activeKey={url.get("tab") || "members"}
        onChange={(tab) => url.change({ tab: tab === "members" ? null : tab })}
        items={[
          { key: "members", label: t("access.members.tabs.members"), children: <MemberList /> },
          ...(manages ? [{ key: "invitations", label: t("access.members.tabs.invitations"), children: <Invitations /> }] : []),
          { key: "roles", label: t("access.members.tabs.roles"), children: <RoleMatrix /> },
        ]}
      />
    </PageFrame>
  );
}
