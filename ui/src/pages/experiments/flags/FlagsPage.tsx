import { Card, Table } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { PlusOutlined } from "@/components/icons";
import { LinkButton } from "@/components/LinkButton";
import { LoadMore, Mark, Moment, PageFrame, usePages } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import { FlagSwitch } from "./FlagSwitch";
import { type Flag, PRODUCTION } from "./types";
import "../experiments.css";

/** All flags with their switch. */
export function FlagsPage() {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const may = useMay("edit_insights");
  const flags = usePages(["flags", project_id, "list"], (cursor) => taken(api.GET("/api/projects/{project_id}/flags", { params: { path: { project_id }, query: { cursor } } })));
  const create = may && (
    <LinkButton type="primary" icon={<PlusOutlined />} to={`/p/${project_id}/flags/new`}>
      {t("flags.create")}
    </LinkButton>
  );
  const none = !flags.isPending && flags.items.length === 0;
  return (
    <PageFrame title={t("flags.title")} hint={t("flags.hint")} extra={create}>
      {flags.error && <Failure error={flags.error} retry={() => void flags.refetch()} />}
      {!flags.error && none && <Empty title={t("flags.empty")} hint={t("flags.emptyHint")} action={create} />}
      {!flags.error && !none && (
        <Card styles={{ body: { padding: 0 } }}>
          <FlagTable flags={flags.items as unknown as Flag[]} loading={flags.isPending} />
          <LoadMore list={flags} />
        </Card>
      )}
    </PageFrame>
  );
}

function FlagTable({ flags, loading }: { flags: Flag[]; loading: boolean }) {
  const { t } = useTranslation();
  const { id } = useProject();
  return (
    <Table<Flag>
      size="small"
      rowKey="key"
      loading={loading}
      dataSource={flags}
      pagination={false}
      scroll={{ x: 820 }}
      columns={[
        {
          title: t("flags.key"),
          key: "key",
          render: (_, flag) => (
            <div>
              <Link to={`/p/${id}/flags/${encodeURIComponent(flag.key)}`}>
                <code>{flag.key}</code>
              </Link>
              <div style={{ fontSize: 13, opacity: 0.88 }}>{flag.name}</div>
            </div>
          ),
        },
        { title: t("flags.kind"), key: "kind", width: 110, render: (_, flag) => <Mark tone="quiet">{t(`flags.kinds.${flag.definition.kind}`)}</Mark> },
        { title: t("flags.variants"), key: "variants", render: (_, flag) => <span style={{ fontSize: 13 }}>{Object.keys(flag.definition.variants).join(" · ")}</span> },
        { title: t("flags.environments"), key: "rules", width: 140, render: (_, flag) => t("flags.rules", { count: flag.definition.environments[PRODUCTION]?.rules.length ?? 0 }) },
        { title: t("flags.state"), key: "state", width: 120, render: (_, flag) => <FlagSwitch flag={flag} environment={PRODUCTION} /> },
        {
          title: t("common.updatedAt"),
          key: "updated",
          width: 190,
          render: (_, flag) => (
            <div>
              <Moment at={flag.updated_at} />
              <div style={{ fontSize: 12.5, opacity: 0.88 }}>
                {t("flags.version", { version: flag.version })} · {t("flags.updated", { name: flag.updated_by.name })}
              </div>
            </div>
          ),
        },
      ]}
    />
  );
}
