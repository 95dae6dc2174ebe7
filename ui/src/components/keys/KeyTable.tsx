import { Button, Popconfirm, Table } from "antd";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/types";
import { Mark, Moment } from "@/components/page";

type Key = Schemas["TokenOutput"];
type State = "valid" | "expired" | "revoked";

export function stateOf(key: Pick<Key, "revoked_at" | "expires_at">, now: number): State {
  if (key.revoked_at) return "revoked";
  return key.expires_at && Date.parse(key.expires_at) <= now ? "expired" : "valid";
}

const TONES = { valid: "good", expired: "care", revoked: "quiet" } as const;

interface Props {
  keys: Key[];
  loading: boolean;
  revoke: (id: string) => void;
}

/** API keys or personal tokens, without their secrets. */
export function KeyTable({ keys, loading, revoke }: Props) {
  const { t } = useTranslation();
  const now = new Date().getTime();
  return (
    <Table<Key>
      size="small"
      rowKey="id"
      loading={loading}
      dataSource={keys}
      pagination={false}
      scroll={{ x: 820 }}
      columns={[
        { title: t("collect.sources.keyName"), dataIndex: "name" },
        { title: t("collect.sources.ending"), dataIndex: "secret_ending", width: 110, render: (ending: string) => <code>…{ending}</code> },
        { title: t("collect.sources.scopes"), dataIndex: "scopes", width: 210, render: (scopes: Key["scopes"]) => scopes.map((scope) => t(`collect.sources.scope.${scope}`)).join(", ") },
        {
          title: t("collect.plan.status"),
          key: "state",
          width: 100,
          render: (_, key) => {
            const state = stateOf(key, now);
            return <Mark tone={TONES[state]}>{t(`collect.sources.${state}`)}</Mark>;
          },
        },
        { title: t("collect.sources.expires"), dataIndex: "expires_at", width: 160, render: (at: string | null) => (at ? <Moment at={at} /> : t("collect.sources.never")) },
        { title: t("collect.sources.lastUsed"), dataIndex: "last_used_at", width: 160, render: (at: string | null) => (at ? <Moment at={at} /> : t("collect.sources.neverUsed")) },
        {
          title: t("common.actions"),
          key: "actions",
          width: 100,
          render: (_, key) =>
            stateOf(key, now) !== "revoked" && (
              <Popconfirm title={t("collect.sources.revokeConfirm")} okText={t("collect.sources.revoke")} okButtonProps={{ danger: true }} onConfirm={() => revoke(key.id)}>
                <Button size="small" danger>
                  {t("collect.sources.revoke")}
                </Button>
              </Popconfirm>
            ),
        },
      ]}
    />
  );
}
