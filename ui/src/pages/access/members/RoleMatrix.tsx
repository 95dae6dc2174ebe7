import { CheckOutlined, MinusOutlined } from "@/components/icons";
import { useQuery } from "@tanstack/react-query";
import { Card, Table, theme } from "antd";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Permission } from "@/api/types";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { useProject } from "@/session/session";

/** Which role may do what. */
export function RoleMatrix() {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const own = useProject().role;
  const roles = useQuery({ queryKey: ["roles"], queryFn: () => taken(api.GET("/api/roles")), staleTime: Infinity });
  if (roles.isPending) return <Waiting />;
  if (roles.error) return <Failure error={roles.error} retry={() => void roles.refetch()} />;
  return (
    <Card styles={{ body: { padding: 0 } }}>
      <Table<{ permission: Permission }>
        size="small"
        rowKey="permission"
        dataSource={roles.data.permissions.map((permission) => ({ permission }))}
        pagination={false}
        scroll={{ x: 860 }}
        columns={[
          { title: t("access.members.permission"), dataIndex: "permission", render: (permission: Permission) => t(`access.permissions.${permission}`) },
          ...roles.data.roles.map(({ role, permissions }) => ({
            title: role === own ? `${t(`access.roles.${role}`)} (${t("access.members.you")})` : t(`access.roles.${role}`),
            key: role,
            width: 108,
            align: "center" as const,
            render: (_: unknown, { permission }: { permission: Permission }) =>
              permissions.includes(permission) ? (
                <CheckOutlined role="img" aria-label={t("access.members.may")} style={{ color: token.colorPrimary }} />
              ) : (
                <MinusOutlined role="img" aria-label={t("access.members.mayNot")} style={{ color: token.colorTextQuaternary }} />
              ),
          })),
        ]}
      />
    </Card>
  );
}
