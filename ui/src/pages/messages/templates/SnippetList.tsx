import { Button, Card, Drawer, Form, Input, Radio, Segmented, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, ApiError, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { DeleteOutlined, PlusOutlined } from "@/components/icons";
import { Mark, useAction } from "@/components/page";
import { Waiting } from "@/components/Waiting";
import { useConfirm } from "@/pages/audiences/common/useConfirm";
import { useMay, useProject } from "@/session/session";
import { CodeEditor } from "../common/CodeEditor";
import { useSnippets } from "../common/queries";
import type { Snippet } from "../common/types";

type Format = Snippet["format"];

interface Held {
  name: string;
  description: string;
  format: Format;
  texts: Record<string, string>;
}

const NEW: Held = { name: "", description: "", format: "text", texts: { "": "" } };

/** Blocks that templates share. */
export function SnippetList() {
  const { t } = useTranslation();
  const may = useMay("edit_insights");
  const snippets = useSnippets();
  const [edited, edit] = useState<Snippet | "new" | null>(null);
  const create = may && (
    <Button icon={<PlusOutlined />} onClick={() => edit("new")}>
      {t("templates.snippets.create")}
    </Button>
  );
  if (snippets.error) return <Failure error={snippets.error} retry={() => void snippets.refetch()} />;
  if (!snippets.data) return <Waiting />;
  return (
    <div className="stack">
      <div className="row between">
        <span>{t("templates.snippets.hint")}</span>
        {snippets.data.length > 0 && create}
      </div>
      {snippets.data.length === 0 ? <Empty title={t("templates.snippets.empty")} hint={t("templates.snippets.emptyHint")} action={create} /> : <Rows snippets={snippets.data} edit={edit} />}
      {edited && <SnippetForm snippet={edited === "new" ? null : edited} close={() => edit(null)} />}
    </div>
  );
}

function Rows({ snippets, edit }: { snippets: Snippet[]; edit: (snippet: Snippet) => void }) {
  const { t } = useTranslation();
  const { id } = useProject();
  const may = useMay("edit_insights");
  return (
    <Card styles={{ body: { padding: 0 } }}>
      <Table<Snippet>
        size="small"
        rowKey="id"
        dataSource={snippets}
        pagination={false}
        scroll={{ x: 640 }}
        columns={[
          {
            title: t("templates.snippets.name"),
            key: "name",
            render: (_, row) => (
              <div>
                <Button type="link" size="small" style={{ padding: 0 }} onClick={() => edit(row)}>
                  {row.name}
                </Button>
                {row.description && <div style={{ fontSize: 13, opacity: 0.85 }}>{row.description}</div>}
              </div>
            ),
          },
          { title: t("templates.snippets.format"), key: "format", width: 140, render: (_, row) => t(`templates.snippets.formats.${row.format}`) },
          { title: t("templates.languages"), key: "languages", width: 160, render: (_, row) => Object.keys(row.texts).map((each) => <Mark key={each} tone="quiet">{each || t("templates.snippets.everyLanguage")}</Mark>) },
          {
            title: t("templates.snippets.usedIn"),
            key: "used",
            render: (_, row) => (row.used_in.length === 0 ? <span style={{ opacity: 0.85 }}>{t("templates.snippets.unused")}</span> : <span className="row">{row.used_in.map((each) => (each.kind === "template" ? <Link key={each.id} to={`/p/${id}/templates/${each.id}`}>{each.name}</Link> : <span key={each.id}>{each.name}</span>))}</span>),
          },
          ...(may ? [{ title: <span className="sr-only">{t("common.actions")}</span>, key: "verbs", width: 60, render: (_: unknown, row: Snippet) => <Remove snippet={row} /> }] : []),
        ]}
      />
    </Card>
  );
}

function Remove({ snippet }: { snippet: Snippet }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const confirm = useConfirm();
  const remove = useAction(() => api.DELETE("/api/projects/{project_id}/message-snippets/{snippet_id}", { params: { path: { project_id, snippet_id: snippet.id } } }), { done: t("common.removed"), refresh: [["snippets", project_id]] });
  return <Button size="small" type="text" danger disabled={snippet.used_in.length > 0} icon={<DeleteOutlined />} aria-label={`${t("common.remove")}: ${snippet.name}`} onClick={() => void confirm(t("templates.snippets.remove", { name: snippet.name }), () => remove.mutate())} />;
}

function SnippetForm({ snippet, close }: { snippet: Snippet | null; close: () => void }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const may = useMay("edit_insights");
  const [held, hold] = useState<Held>(snippet ? { name: snippet.name, description: snippet.description, format: snippet.format, texts: snippet.texts } : NEW);
  const [language, go] = useState(Object.keys(held.texts)[0] ?? "");
  const save = useAction(
    () => {
      const { name, description, format, texts } = held;
      if (snippet) return taken(api.PATCH("/api/projects/{project_id}/message-snippets/{snippet_id}", { params: { path: { project_id, snippet_id: snippet.id } }, body: { description, texts } as never }));
      return taken(api.POST("/api/projects/{project_id}/message-snippets", { params: { path: { project_id } }, body: { name, description, format, texts } as never }));
    },
    { done: t("templates.snippets.saved"), refresh: [["snippets", project_id], ["template-check", project_id], ["template-preview", project_id]], onDone: close },
  );
  const languages = [...new Set([...Object.keys(held.texts), "", "zh-CN", "en"])];
  const fine = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,59}$/.test(held.name);
  const refused = save.error instanceof ApiError ? save.error : null;
  const write = (text: string) => hold({ ...held, texts: Object.fromEntries(Object.entries({ ...held.texts, [language]: text }).filter(([each, said]) => said !== "" || each === language)) });
  return (
    <Drawer
      open
      size={680}
      title={snippet ? t("templates.snippets.edit", { name: snippet.name }) : t("templates.snippets.create")}
      onClose={close}
      extra={
        may && (
          <Button type="primary" loading={save.isPending} disabled={!fine} onClick={() => save.mutate()}>
            {t("common.save")}
          </Button>
        )
      }
    >
      <Form layout="vertical" component="div" requiredMark={false}>
        <Form.Item label={t("templates.snippets.name")} htmlFor="snippet-name" extra={t("templates.snippets.nameHint")} validateStatus={held.name && !fine ? "error" : undefined}>
          <Input id="snippet-name" autoFocus={!snippet} readOnly={snippet !== null} maxLength={60} value={held.name} onChange={(event) => hold({ ...held, name: event.target.value })} />
        </Form.Item>
        <Form.Item label={t("common.description")} htmlFor="snippet-about">
          <Input id="snippet-about" maxLength={400} value={held.description} onChange={(event) => hold({ ...held, description: event.target.value })} />
        </Form.Item>
        <Form.Item label={t("templates.snippets.format")}>
          <Radio.Group aria-label={t("templates.snippets.format")} optionType="button" disabled={snippet !== null} value={held.format} options={(["text", "html", "mjml"] as const).map((value) => ({ value, label: t(`templates.snippets.formats.${value}`) }))} onChange={(event) => hold({ ...held, format: event.target.value as Format })} />
        </Form.Item>
        <Form.Item label={t("templates.languages")}>
          <Segmented value={language} options={languages.map((value) => ({ value, label: value || t("templates.snippets.everyLanguage") }))} onChange={go} />
        </Form.Item>
        <Form.Item label={t("templates.snippets.text")} htmlFor="snippet-text" validateStatus={refused ? "error" : undefined} help={refused?.message}>
          <CodeEditor id="snippet-text" label={t("templates.snippets.text")} markup={held.format !== "text"} lines={[8, 20]} problems={[]} words={() => ""} value={held.texts[language] ?? ""} onChange={may ? write : undefined} />
        </Form.Item>
      </Form>
    </Drawer>
  );
}
