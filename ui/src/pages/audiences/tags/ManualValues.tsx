import { Alert, Button, Card, Form, Input, Table, Typography, Upload } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ownHeaders, refusalOf, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { InboxOutlined } from "@/components/icons";
import { useAction } from "@/components/page";
import { pastedIds } from "@/pages/people/naming";
import { addressOf } from "@/query/requests";
import { useProject } from "@/session/session";
import type { Tag } from "../common/types";

type Imported = Schemas["ImportedValues"];
type Given = Schemas["ValuesGiven"];

/** Values of a manual tag, given to some people or imported from a file. */
export function ManualValues({ tag }: { tag: Tag }) {
  return (
    <div className="two-columns">
      <GiveCard tag={tag} />
      <ImportCard tag={tag} />
    </div>
  );
}

function useRead(tag: Tag) {
  const { id } = useProject();
  return [["tags", id], ["runs", id], ["moves", id], ["tag-people", id, tag.id]] as const;
}

function GiveCard({ tag }: { tag: Tag }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const [ids, setIds] = useState("");
  const [value, setValue] = useState("");
  const listed = pastedIds(ids);
  const give = useAction(
    () => taken(api.POST("/api/projects/{project_id}/tags/{tag_id}/values", { params: { path: { project_id, tag_id: tag.id } }, body: { distinct_ids: listed, value: value.trim() || null } })),
    { done: ({ changed }) => t("tagging.one.given", { count: changed }), refresh: useRead(tag), onDone: () => setIds("") },
  );
  return (
    <Card size="small" title={t("tagging.one.give")}>
      <Form layout="vertical" component="div">
        <Form.Item label={t("tagging.one.giveIds")} htmlFor="give-ids" extra={listed.length ? t("audiences.idsCount", { count: listed.length }) : t("audiences.idsHint")}>
          <Input.TextArea id="give-ids" rows={5} spellCheck={false} style={{ fontFamily: "ui-monospace, monospace" }} value={ids} onChange={(event) => setIds(event.target.value)} />
        </Form.Item>
        <Form.Item label={t("tagging.one.giveValue")} htmlFor="give-value" extra={t("tagging.one.giveNone")}>
          <Input id="give-value" maxLength={200} value={value} onChange={(event) => setValue(event.target.value)} />
        </Form.Item>
        <Button type="primary" disabled={!listed.length} loading={give.isPending} onClick={() => give.mutate()}>
          {t("common.save")}
        </Button>
      </Form>
      {give.data && <Unknown given={give.data} />}
    </Card>
  );
}

function Unknown({ given }: { given: Given }) {
  const { t } = useTranslation();
  if (!given.unknown_count) return null;
  return (
    <div className="stack" style={{ gap: 4, marginTop: 12 }} role="status">
      <span>{t("tagging.one.unknown", { count: given.unknown_count })}</span>
      <Typography.Text code style={{ overflowWrap: "anywhere" }}>
        {given.unknown_ids.join(", ")}
      </Typography.Text>
    </div>
  );
}

async function send(projectId: string, tagId: string, file: File, value: string): Promise<Imported> {
  const form = new FormData();
  form.append("file", file);
  const query = value ? `?value=${encodeURIComponent(value)}` : "";
  const response = await fetch(addressOf(projectId, `tags/${tagId}/import${query}`), { method: "POST", credentials: "same-origin", headers: ownHeaders(), body: form });
  if (!response.ok) throw await refusalOf(response);
  return (await response.json()) as Imported;
}

function ImportCard({ tag }: { tag: Tag }) {
  const { t, i18n } = useTranslation();
  const project = useProject();
  const [value, setValue] = useState("");
  const take = useAction((file: File) => send(project.id, tag.id, file, value.trim()), { refresh: useRead(tag) });
  const done = take.data;
  return (
    <Card size="small" title={t("tagging.one.import")}>
      <div className="stack">
        <span>{t("tagging.one.importHint")}</span>
        <Input aria-label={t("tagging.one.importValue")} placeholder={t("tagging.one.importValue")} maxLength={200} style={{ maxWidth: 280 }} value={value} onChange={(event) => setValue(event.target.value)} />
        <Upload.Dragger
          accept=".csv,.txt,text/csv"
          showUploadList={false}
          disabled={take.isPending}
          beforeUpload={(file) => {
            take.mutate(file);
            return false;
          }}
        >
          <InboxOutlined style={{ fontSize: 30, opacity: 0.6 }} />
          <p style={{ margin: "6px 0 0" }}>{t("tagging.one.importDrop")}</p>
        </Upload.Dragger>
        {done && <Alert type={done.refused.length ? "warning" : "success"} showIcon title={t("tagging.one.imported", { lines: done.lines, changed: done.changed })} description={done.refused.length ? t("tagging.one.refused", { count: done.refused.length }) : undefined} />}
        {done && done.refused.length > 0 && (
          <Table
            size="small"
            rowKey="line"
            dataSource={done.refused}
            pagination={done.refused.length > 10 ? { pageSize: 10, size: "small" } : false}
            columns={[
              { title: t("tagging.one.line"), dataIndex: "line", width: 80 },
              { title: t("tagging.one.reason"), key: "reason", render: (_, line) => (i18n.language === "zh" ? line.reason_zh : line.reason_en) },
            ]}
          />
        )}
        {done && <Unknown given={done} />}
      </div>
    </Card>
  );
}
