import { Alert, Button, Card, Input, Popconfirm, Space, Table, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { Failure } from "@/components/Failure";
import { CopyButton, LoadMore, Mark, Moment, useAction, useMemberNames, usePages } from "@/components/page";
import { people as words } from "@/i18n/zh/people";
import { useMay, useProject } from "@/session/session";

type Link = Schemas["Page_LinkOutput_"]["items"][number];
type Reason = keyof typeof words.person.reasons;

const TONES = { applied: "good", refused: "care", undone: "quiet" } as const;

interface Props {
  reference: string;
  ids: string[];
}

/** A person's ids, what was said of them, and joining with another person. */
export function Identities({ reference, ids }: Props) {
  const { t } = useTranslation();
  const project = useProject();
  const may = useMay("edit_data");
  const log = usePages(["identity-links", project.id, reference], (cursor) =>
    taken(api.GET("/api/projects/{project_id}/person/identity-links", { params: { path: { project_id: project.id }, query: { person: reference, cursor } } })),
  );
  return (
    <div className="stack" style={{ gap: 16 }}>
      <section aria-label={t("people.person.ids")}>
        <strong>{t("people.person.ids")}</strong>
        <ul style={{ margin: "6px 0 0", padding: 0, listStyle: "none" }}>
          {ids.map((id) => (
            <li key={id}>
              <Typography.Text code style={{ overflowWrap: "anywhere" }}>
                {id}
              </Typography.Text>
              <CopyButton text={id} label={id} />
            </li>
          ))}
        </ul>
      </section>
      {may && ids[0] !== undefined && <Merge into={ids[0]} ids={ids} />}
      <Card size="small" title={t("people.person.log")} styles={{ body: { padding: 0 } }}>
        {log.error ? <Failure small error={log.error} retry={() => void log.refetch()} /> : <Log links={log.items} loading={log.isPending} may={may} />}
        <LoadMore list={log} />
      </Card>
    </div>
  );
}

function useRefresh() {
  const project = useProject();
  return ["person", "people", "timeline", "identity-links"].map((name) => [name, project.id]);
}

function Merge({ into, ids }: { into: string; ids: string[] }) {
  const { t } = useTranslation();
  const project = useProject();
  const [other, setOther] = useState("");
  const refresh = useRefresh();
  const merge = useAction(
    (from_id: string) => taken(api.POST("/api/projects/{project_id}/identity-links/merge", { params: { path: { project_id: project.id } }, body: { from_id, to_id: into } })),
    { done: t("people.person.merged"), refresh, onDone: () => setOther("") },
  );
  const own = ids.includes(other.trim());
  return (
    <section aria-label={t("people.person.merge")} className="stack" style={{ gap: 6 }}>
      <strong>{t("people.person.merge")}</strong>
      <Typography.Text type="secondary">{t("people.person.mergeHint")}</Typography.Text>
      <Space.Compact style={{ maxWidth: 460 }}>
        <Input value={other} placeholder={t("people.person.mergeFrom")} aria-label={t("people.person.mergeFrom")} onChange={(event) => setOther(event.target.value)} />
        <Button disabled={other.trim() === "" || own} loading={merge.isPending} onClick={() => merge.mutate(other.trim())}>
          {t("people.person.merge")}
        </Button>
      </Space.Compact>
      {own && <Alert type="warning" title={t("people.person.mergeSelf")} />}
    </section>
  );
}

function Log({ links, loading, may }: { links: Link[]; loading: boolean; may: boolean }) {
  const { t } = useTranslation();
  const project = useProject();
  const refresh = useRefresh();
  const undo = useAction(
    (link_id: string) => taken(api.POST("/api/projects/{project_id}/identity-links/{link_id}/undo", { params: { path: { project_id: project.id, link_id } } })),
    { done: t("people.person.undone"), refresh },
  );
  const names = useMemberNames();
  const reason = (code: string) => (code in words.person.reasons ? t(`people.person.reasons.${code as Reason}`) : code);
  return (
    <Table<Link>
      size="small"
      rowKey="link_id"
      loading={loading}
      dataSource={links}
      pagination={false}
      locale={{ emptyText: t("people.person.noLog") }}
      scroll={{ x: 640 }}
      columns={[
        { title: t("people.person.time"), dataIndex: "time", width: 160, render: (at: string) => <Moment at={at} /> },
        {
          title: t("people.person.tabs.identities"),
          key: "ids",
          render: (_, link) => (
            <span style={{ overflowWrap: "anywhere" }}>
              <Mark tone="quiet">{t(`people.person.kinds.${link.kind}`)}</Mark>
              {link.from_id && `${link.from_id} → ${link.to_id}`}
            </span>
          ),
        },
        {
          title: t("collect.plan.status"),
          dataIndex: "status",
          width: 150,
          render: (status: Link["status"], link) => (
            <>
              <Mark tone={TONES[status]}>{t(`people.person.statuses.${status}`)}</Mark>
              {link.reason && <div style={{ fontSize: 12 }}>{reason(link.reason)}</div>}
            </>
          ),
        },
        { title: t("people.person.by"), dataIndex: "actor", width: 130, ellipsis: true, render: (actor: string) => (actor ? (names.get(actor) ?? actor) : t("people.person.system")) },
        {
          title: t("common.actions"),
          key: "actions",
          width: 90,
          render: (_, link) =>
            may &&
            link.status === "applied" && (
              <Popconfirm title={t("people.person.undoConfirm")} onConfirm={() => undo.mutate(link.link_id)} okText={t("people.person.undo")}>
                <Button size="small" loading={undo.isPending && undo.variables === link.link_id}>
                  {t("people.person.undo")}
                </Button>
              </Popconfirm>
            ),
        },
      ]}
    />
  );
}
