import { App, Button, Card, Select, Table, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Role, Schemas } from "@/api/types";
import { Failure } from "@/components/Failure";
import { LoadMore, Mark, Moment, SecretOnce, useAction, usePages } from "@/components/page";
import { useMay, useMe, useProject } from "@/session/session";
import { ROLES } from "./roles";

type Member = Schemas["ProjectMemberOutput"];

export function MemberList() {
  const { t } = useTranslation();
  const project = useProject();
  const me = useMe();
  const manages = useMay("manage_members");
  const members = usePages(["members", project.id], (cursor) =>
    taken(api.GET("/api/projects/{project_id}/members", { params: { path: { project_id: project.id }, query: { cursor } } })),
  );
  if (members.error) return <Failure error={members.error} retry={() => void members.refetch()} />;
  return (
    <Card styles={{ body: { padding: 0 } }}>
      <Table<Member>
        size="small"
        rowKey="id"
        loading={members.isPending}
        dataSource={members.items}
        pagination={false}
        scroll={{ x: 820 }}
        columns={[
          {
            title: t("access.members.member"),
            key: "member",
            render: (_, member) => (
              <div>
                <div className="row" style={{ gap: 6 }}>
                  <strong>{member.name}</strong>
                  {member.id === me.member.id && <Mark tone="busy">{t("access.members.you")}</Mark>}
                  {member.instance_owner && <Mark tone="quiet">{t("access.members.instanceOwner")}</Mark>}
                  {member.disabled_at && <Mark tone="bad">{t("access.members.disabled")}</Mark>}
                </div>
                <Typography.Text type="secondary">{member.email}</Typography.Text>
              </div>
            ),
          },
          { title: t("access.members.role"), key: "role", width: 170, render: (_, member) => <RoleChoice member={member} manages={manages} /> },
          { title: t("access.members.totp"), dataIndex: "totp_enabled", width: 110, render: (on: boolean) => t(on ? "common.yes" : "common.no") },
          { title: t("access.members.lastLogin"), dataIndex: "last_login_at", width: 160, render: (at: string | null) => (at ? <Moment at={at} /> : t("access.members.never")) },
          ...(manages ? [{ title: t("common.actions"), key: "actions", width: 220, render: (_: unknown, member: Member) => <MemberVerbs member={member} self={member.id === me.member.id} /> }] : []),
        ]}
      />
      <LoadMore list={members} />
    </Card>
  );
}

function RoleChoice({ member, manages }: { member: Member; manages: boolean }) {
  const { t } = useTranslation();
  const project = useProject();
  const change = useAction(
    (role: Role) => taken(api.PATCH("/api/projects/{project_id}/members/{member_id}", { params: { path: { project_id: project.id, member_id: member.id } }, body: { role } })),
    { done: t("access.members.roleChanged"), refresh: [["members", project.id], ["me"]] },
  );
  if (!manages) return t(`access.roles.${member.role}`);
  return (
    <Select<Role>
      size="small"
      style={{ width: "100%" }}
      aria-label={`${member.name}: ${t("access.members.role")}`}
      value={change.isPending ? change.variables : member.role}
      loading={change.isPending}
      options={ROLES.map((value) => ({ value, label: t(`access.roles.${value}`) }))}
      onChange={(role) => change.mutate(role)}
    />
  );
}

function MemberVerbs({ member, self }: { member: Member; self: boolean }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const project = useProject();
  const [link, setLink] = useState<string | null>(null);
  const params = { path: { project_id: project.id, member_id: member.id } };
  const reset = useAction(() => taken(api.POST("/api/projects/{project_id}/members/{member_id}/password-reset", { params })), { onDone: (made) => setLink(made.link) });
  const remove = useAction(() => api.DELETE("/api/projects/{project_id}/members/{member_id}", { params }), {
    done: t("access.members.removed"),
    refresh: [["members", project.id], ["me"]],
  });
  const { name } = member;
  return (
    <div className="row">
      <Button
        size="small"
        loading={reset.isPending}
        onClick={() => modal.confirm({ title: t("access.members.resetConfirm", { name }), okText: t("access.members.resetLink"), onOk: () => reset.mutate() })}
      >
        {t("access.members.resetLink")}
      </Button>
      {!self && (
        <Button
          size="small"
          danger
          loading={remove.isPending}
          onClick={() => modal.confirm({ title: t("access.members.removeConfirm", { name }), okText: t("access.members.remove"), okButtonProps: { danger: true }, onOk: () => remove.mutate() })}
        >
          {t("access.members.remove")}
        </Button>
      )}
      <SecretOnce title={t("access.members.resetTitle")} hint={t("access.members.linkHint")} text={link} close={() => setLink(null)} />
    </div>
  );
}
