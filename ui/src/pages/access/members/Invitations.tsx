import { Button, Card, Popconfirm, Table } from "antd";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Role, Schemas } from "@/api/types";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { LoadMore, Moment, useAction, useMemberNames, usePages } from "@/components/page";
import { useProject } from "@/session/session";

type Invitation = Schemas["InvitationOutput"];

/** Invitations that nobody has used yet. */
export function Invitations() {
  const { t } = useTranslation();
  const project = useProject();
  const names = useMemberNames();
  const path = { project_id: project.id };
  const list = usePages(["invitations", project.id], (cursor) => taken(api.GET("/api/projects/{project_id}/invitations", { params: { path, query: { cursor } } })));
  const withdraw = useAction(
    (invitation_id: string) => api.DELETE("/api/projects/{project_id}/invitations/{invitation_id}", { params: { path: { ...path, invitation_id } } }),
    { done: t("access.members.withdrawn"), refresh: [["invitations", project.id]] },
  );
  if (list.error) return <Failure error={list.error} retry={() => void list.refetch()} />;
  if (!list.isPending && list.items.length === 0) return <Empty title={t("access.members.noInvitations")} hint={t("access.members.noInvitationsHint")} />;
  return (
    <Card styles={{ body: { padding: 0 } }}>
      <Table<Invitation>
        size="small"
        rowKey="id"
        loading={list.isPending}
        dataSource={list.items}
        pagination={false}
        scroll={{ x: 700 }}
        columns={[
          { title: t("access.members.email"), dataIndex: "email" },
          { title: t("access.members.role"), dataIndex: "role", width: 130, render: (role: Role) => t(`access.roles.${role}`) },
          { title: t("access.members.invitedBy"), dataIndex: "created_by", width: 150, ellipsis: true, render: (by: string) => names.get(by) ?? by },
          { title: t("access.members.expires"), dataIndex: "expires_at", width: 160, render: (at: string) => <Moment at={at} /> },
          {
            title: t("common.actions"),
            key: "actions",
            width: 110,
            render: (_, invitation) => (
              <Popconfirm title={t("access.members.withdrawConfirm")} okText={t("access.members.withdraw")} onConfirm={() => withdraw.mutate(invitation.id)}>
                <Button size="small" danger>
                  {t("access.members.withdraw")}
                </Button>
              </Popconfirm>
            ),
          },
        ]}
      />
      <LoadMore list={list} />
    </Card>
  );
}
