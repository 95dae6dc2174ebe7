import { useQuery } from "@tanstack/react-query";
import { Button, Card, Drawer, Form, Input, Modal, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { DeleteOutlined, UploadOutlined } from "@/components/icons";
import { useAction } from "@/components/page";
import { Waiting } from "@/components/Waiting";
import { useConfirm } from "@/pages/audiences/common/useConfirm";
import { useMay, useProject } from "@/session/session";
import { useLookups } from "../common/queries";

interface Row {
  name: string;
  rows: number;
}

/** Tables that templates look values up in, taken from CSV files. */
export function LookupList() {
  const { t } = useTranslation();
  const may = useMay("edit_insights");
  const tables = useLookups();
  const [seen, see] = useState<string | null>(null);
  const [uploading, upload] = useState<string | null>(null);
  const button = may && (
    <Button icon={<UploadOutlined />} onClick={() => upload("")}>
      {t("templates.lookups.upload")}
    </Button>
  );
  if (tables.error) return <Failure error={tables.error} retry={() => void tables.refetch()} />;
  if (!tables.data) return <Waiting />;
  return (
    <div className="stack">
      <div className="row between">
        <span>{t("templates.lookups.hint")}</span>
        {tables.data.length > 0 && button}
      </div>
      {tables.data.length === 0 ? (
        <Empty title={t("templates.lookups.empty")} hint={t("templates.lookups.emptyHint")} action={button} />
      ) : (
        <Card styles={{ body: { padding: 0 } }}>
          <Table<Row>
            size="small"
            rowKey="name"
            dataSource={tables.data}
            pagination={false}
            columns={[
              { title: t("templates.lookups.name"), dataIndex: "name", key: "name" },
              { title: t("common.total"), key: "rows", width: 140, render: (_, row) => t("templates.lookups.rows", { count: row.rows }) },
              {
                title: t("common.actions"),
                key: "verbs",
                width: 260,
                render: (_, row) => (
                  <span className="row" style={{ gap: 6 }}>
                    <Button size="small" onClick={() => see(row.name)}>
                      {t("templates.lookups.look")}
                    </Button>
                    {may && (
                      <Button size="small" onClick={() => upload(row.name)}>
                        {t("templates.lookups.upload")}
                      </Button>
                    )}
                    {may && <Remove name={row.name} />}
                  </span>
                ),
              },
            ]}
          />
        </Card>
      )}
      {seen !== null && <RowsDrawer name={seen} close={() => see(null)} />}
      {uploading !== null && <UploadForm name={uploading} close={() => upload(null)} />}
    </div>
  );
}

function Remove({ name }: { name: string }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const confirm = useConfirm();
  const remove = useAction(() => api.DELETE("/api/projects/{project_id}/message-lookups/{name}", { params: { path: { project_id, name } } }), { done: t("common.removed"), refresh: [["lookups", project_id]] });
  return <Button size="small" type="text" danger icon={<DeleteOutlined />} aria-label={`${t("common.remove")}: ${name}`} onClick={() => void confirm(t("templates.lookups.remove", { name }), () => remove.mutate())} />;
}

function RowsDrawer({ name, close }: { name: string; close: () => void }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const rows = useQuery({
    queryKey: ["lookups", project_id, name, "rows"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/message-lookups/{name}", { params: { path: { project_id, name }, query: { limit: 200 } } })),
  });
  const columns = Object.keys(rows.data?.[0]?.values ?? {});
  return (
    <Drawer open size={760} title={name} onClose={close}>
      {rows.error && <Failure error={rows.error} small />}
      <Table
        size="small"
        rowKey="key"
        loading={rows.isPending}
        dataSource={rows.data ?? []}
        pagination={{ pageSize: 50, size: "small" }}
        scroll={{ x: 500 }}
        columns={[{ title: t("templates.lookups.key"), dataIndex: "key", key: "key" }, ...columns.map((column) => ({ title: column, key: `value ${column}`, render: (_: unknown, row: { values: Record<string, unknown> }) => String(row.values[column] ?? "") }))]}
      />
    </Drawer>
  );
}

function UploadForm({ name: given, close }: { name: string; close: () => void }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const [name, setName] = useState(given);
  const [file, setFile] = useState<File | null>(null);
  const fine = /^[A-Za-z_][A-Za-z0-9_]{0,59}$/.test(name) && file !== null;
  const save = useAction(
    () => {
      const form = new FormData();
      form.append("file", file as File);
      return taken(api.PUT("/api/projects/{project_id}/message-lookups/{name}", { params: { path: { project_id, name } }, body: form as never, bodySerializer: (body) => body as never }));
    },
    { done: (table) => t("templates.lookups.saved", { count: table.rows }), refresh: [["lookups", project_id]], onDone: close },
  );
  return (
    <Modal open title={t("templates.lookups.upload")} okText={t("common.save")} okButtonProps={{ disabled: !fine }} confirmLoading={save.isPending} onOk={() => save.mutate()} onCancel={close}>
      <Form layout="vertical" component="div" requiredMark={false}>
        <Form.Item label={t("templates.lookups.name")} htmlFor="lookup-name" extra={t("templates.lookups.nameHint")}>
          <Input id="lookup-name" readOnly={given !== ""} maxLength={60} value={name} onChange={(event) => setName(event.target.value)} />
        </Form.Item>
        <Form.Item label={t("templates.lookups.file")} htmlFor="lookup-file" extra={t("templates.lookups.uploadHint")}>
          <input id="lookup-file" type="file" accept=".csv,text/csv" onChange={(event) => setFile(event.target.files?.[0] ?? null)} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
