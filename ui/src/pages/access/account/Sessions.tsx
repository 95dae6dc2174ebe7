import { useQuery } from "@tanstack/react-query";
import { Button, Card, Popconfirm, Table, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { Failure } from "@/components/Failure";
import { Mark, Moment, useAction } from "@/components/page";
import { browserOf } from "./browsers";

type Session = Schemas["SessionOutput"];

/** The browsers in which the member is logged in. */
export function Sessions() {
  const { t } = useTranslation();
  const sessions = useQuery({ queryKey: ["my-sessions"], queryFn: () => taken(api.GET("/api/me/sessions")) });
  const end = useAction((session_id: string) => api.DELETE("/api/me/sessions/{session_id}", { params: { path: { session_id } } }), {
    done: t("access.account.ended"),
    refresh: [["my-sessions"]],
  });
  return (
    <Card size="small" title={t("access.account.sessions")} styles={{ body: { padding: 0 } }}>
      {sessions.error ? (
        <Failure small error={sessions.error} retry={() => void sessions.refetch()} />
      ) : (
        <Table<Session>
          size="small"
          rowKey="id"
          loading={sessions.isPending}
          dataSource={sessions.data ?? []}
          pagination={false}
          scroll={{ x: 700 }}
          columns={[
            {
              title: t("access.account.browser"),
              key: "browser",
              render: (_, session) => (
                <>
                  {browserOf(session.user_agent)} {session.current && <Mark tone="good">{t("access.account.current")}</Mark>}
                </>
              ),
            },
            { title: t("access.account.address"), dataIndex: "address", width: 160, render: (address: string) => <Typography.Text>{address}</Typography.Text> },
            { title: t("access.account.lastSeen"), dataIndex: "last_seen_at", width: 160, render: (at: string) => <Moment at={at} /> },
            { title: t("access.account.expires"), dataIndex: "expires_at", width: 160, render: (at: string) => <Moment at={at} /> },
            {
              title: t("common.actions"),
              key: "actions",
              width: 110,
              render: (_, session) =>
                !session.current && (
                  <Popconfirm title={t("access.account.endConfirm")} okText={t("access.account.end")} onConfirm={() => end.mutate(session.id)}>
                    <Button size="small">{t("access.account.end")}</Button>
                  </Popconfirm>
                ),
            },
          ]}
        />
      )}
    </Card>
  );
}
