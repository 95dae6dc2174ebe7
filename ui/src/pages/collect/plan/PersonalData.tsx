import { useQuery } from "@tanstack/react-query";
import { Button, Card, Input, Space, Table, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { Mark, Moment, useAction } from "@/components/page";
import { useMay, useProject } from "@/session/session";

type Personal = Schemas["PersonalPropertyOutput"];

const TONES = { guessed: "care", confirmed: "good", rejected: "quiet" } as const;

/** Which properties are masked for those without the right. */
export function PersonalData() {
  const { t } = useTranslation();
  const project = useProject();
  const may = useMay("manage_project");
  const params = { path: { project_id: project.id } };
  const list = useQuery({
    queryKey: ["personal-data", project.id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/personal-data", { params })),
  });
  const refresh = [["personal-data", project.id], ["people", project.id], ["person", project.id], ["timeline", project.id], ["recent-events", project.id]];
  const decide = useAction(
    (body: Schemas["PersonalPropertyInput"]) => taken(api.PUT("/api/projects/{project_id}/personal-data", { params, body })),
    { done: t("common.saved"), refresh },
  );
  const forget = useAction(
    (name: string) => api.DELETE("/api/projects/{project_id}/personal-data", { params: { ...params, query: { name } } }),
    { done: t("common.saved"), refresh },
  );
  if (list.error) return <Failure error={list.error} retry={() => void list.refetch()} />;
  const verbs = { decide: (name: string, personal: boolean) => decide.mutate({ name, personal }), forget: forget.mutate };
  return (
    <div className="stack">
      <div className="row between">
        <Typography.Text type="secondary">{t("collect.personal.hint")}</Typography.Text>
        {may && <MarkOne mark={(name) => verbs.decide(name, true)} />}
      </div>
      {list.data?.length === 0 ? (
        <Empty title={t("collect.personal.empty")} hint={t("collect.personal.emptyHint")} />
      ) : (
        <Card styles={{ body: { padding: 0 } }}>
          <PersonalTable properties={list.data ?? []} loading={list.isPending} may={may} verbs={verbs} />
        </Card>
      )}
    </div>
  );
}

function MarkOne({ mark }: { mark: (name: string) => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const finish = () => {
    mark(name.trim());
    setName("");
  };
  return (
    <Space.Compact>
      <Input value={name} maxLength={255} placeholder={t("collect.plan.propertyName")} aria-label={t("collect.plan.propertyName")} onChange={(event) => setName(event.target.value)} />
      <Button disabled={name.trim() === ""} onClick={finish}>
        {t("collect.personal.add")}
      </Button>
    </Space.Compact>
  );
}

interface TableProps {
  properties: Personal[];
  loading: boolean;
  may: boolean;
  verbs: { decide: (name: string, personal: boolean) => void; forget: (name: string) => void };
}

function PersonalTable({ properties, loading, may, verbs }: TableProps) {
  const { t } = useTranslation();
  return (
    <Table<Personal>
      size="small"
      rowKey="name"
      loading={loading}
      dataSource={properties}
      pagination={false}
      scroll={{ x: 760 }}
      columns={[
        { title: t("collect.personal.property"), dataIndex: "name" },
        { title: t("collect.personal.kind"), dataIndex: "kind", width: 150, render: (kind: Personal["kind"]) => t(`collect.personal.kinds.${kind}`) },
        { title: t("collect.personal.state"), dataIndex: "state", width: 180, render: (state: Personal["state"]) => <Mark tone={TONES[state]}>{t(`collect.personal.states.${state}`)}</Mark> },
        { title: t("collect.personal.decidedAt"), dataIndex: "decided_at", width: 160, render: (at: string | null) => <Moment at={at} /> },
        ...(may
          ? [
              {
                title: t("common.actions"),
                key: "actions",
                width: 280,
                render: (_: unknown, { name, state }: Personal) => (
                  <div className="row">
                    {state !== "confirmed" && (
                      <Button size="small" onClick={() => verbs.decide(name, true)}>
                        {t("collect.personal.confirm")}
                      </Button>
                    )}
                    {state !== "rejected" && (
                      <Button size="small" onClick={() => verbs.decide(name, false)}>
                        {t("collect.personal.reject")}
                      </Button>
                    )}
                    {state !== "guessed" && (
                      <Button size="small" onClick={() => verbs.forget(name)}>
                        {t("collect.personal.forget")}
                      </Button>
                    )}
                  </div>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}
