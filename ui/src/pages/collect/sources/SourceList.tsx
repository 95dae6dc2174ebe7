import { EyeInvisibleOutlined, EyeOutlined, PlusOutlined } from "@/components/icons";
import { App, Button, Card, Form, Input, Modal, Popconfirm, Select, Tag, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { CopyButton, Moment, useAction, useUrlState } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import { type SourceWithKeys, useSources, type WriteKey } from "./queries";
import { masked, SDKS } from "./snippets";

export function SourceList() {
  const { t } = useTranslation();
  const manages = useMay("manage_project");
  const sources = useSources();
  const [adding, setAdding] = useState(false);
  const add = manages && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
      {t("collect.sources.newSource")}
    </Button>
  );
  if (sources.isPending) return <Waiting />;
  if (sources.error) return <Failure error={sources.error} retry={() => void sources.refetch()} />;
  return (
    <div className="stack">
      {sources.data.length === 0 ? (
        <Empty title={t("collect.sources.empty")} hint={t("collect.sources.emptyHint")} action={add} />
      ) : (
        <>
          <div className="row between">
            <Typography.Text type="secondary">{t("collect.sources.writeKeyHint")}</Typography.Text>
            {add}
          </div>
          {sources.data.map((source) => (
            <SourceCard key={source.id} source={source} manages={manages} />
          ))}
        </>
      )}
      {adding && <NewSource close={() => setAdding(false)} />}
    </div>
  );
}

function titleOf(protocol: string | null): string | null {
  return protocol && (SDKS.find((sdk) => sdk.protocol === protocol)?.title ?? protocol);
}

function SourceCard({ source, manages }: { source: SourceWithKeys; manages: boolean }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const project = useProject();
  const path = { project_id: project.id };
  const refresh = [["sources", project.id]];
  const addKey = useAction(() => taken(api.POST("/api/projects/{project_id}/write-keys", { params: { path }, body: { source_id: source.id } })), { refresh });
  const remove = useAction(
    () => api.DELETE("/api/projects/{project_id}/sources/{source_id}", { params: { path: { ...path, source_id: source.id } } }),
    { refresh, done: t("common.removed") },
  );
  const rename = useAction(
    (name: string) => taken(api.PATCH("/api/projects/{project_id}/sources/{source_id}", { params: { path: { ...path, source_id: source.id } }, body: { name } })),
    { refresh, done: t("common.saved") },
  );
  const askRemove = () =>
    modal.confirm({
      title: t("collect.sources.removeConfirm", { name: source.name }),
      okText: t("common.remove"),
      okButtonProps: { danger: true },
      onOk: () => remove.mutate(),
    });
  return (
    <Card
      size="small"
      title={
        <div className="row">
          <Typography.Text strong editable={manages && { text: source.name, maxLength: 100, tooltip: t("common.rename"), onChange: (name) => name.trim() && name !== source.name && rename.mutate(name.trim()) }}>
            {source.name}
          </Typography.Text>
          {source.protocol && <Tag>{titleOf(source.protocol)}</Tag>}
        </div>
      }
      extra={
        manages && (
          <div className="row">
            <Button size="small" loading={addKey.isPending} onClick={() => addKey.mutate()}>
              {t("collect.sources.newKey")}
            </Button>
            <Button size="small" danger onClick={askRemove}>
              {t("common.remove")}
            </Button>
          </div>
        )
      }
    >
      {source.keys.length === 0 && <Typography.Text type="secondary">{t("collect.sources.noKeys")}</Typography.Text>}
      <ul style={{ listStyle: "none", margin: 0, padding: 0 }} className="stack" aria-label={t("collect.sources.writeKeys")}>
        {source.keys.map((key) => (
          <KeyRow key={key.key} writeKey={key} protocol={source.protocol} manages={manages} />
        ))}
      </ul>
    </Card>
  );
}

function KeyRow({ writeKey, protocol, manages }: { writeKey: WriteKey; protocol: string | null; manages: boolean }) {
  const { t } = useTranslation();
  const project = useProject();
  const url = useUrlState();
  const [shown, setShown] = useState(false);
  const revoke = useAction(
    () => taken(api.DELETE("/api/projects/{project_id}/write-keys/{key}", { params: { path: { project_id: project.id, key: writeKey.key } } })),
    { refresh: [["sources", project.id]], done: t("collect.sources.revoked") },
  );
  const ended = writeKey.revoked_at !== null;
  return (
    <li className="row between">
      <div className="row">
        <Typography.Text code delete={ended} style={{ overflowWrap: "anywhere" }}>
          {shown ? writeKey.key : masked(writeKey.key)}
        </Typography.Text>
        <Button size="small" type="text" icon={shown ? <EyeInvisibleOutlined /> : <EyeOutlined />} aria-label={t(shown ? "collect.sources.hide" : "collect.sources.show")} onClick={() => setShown(!shown)} />
        {!ended && <CopyButton text={writeKey.key} label={t("collect.sources.writeKeys")} />}
        {ended && <Tag>{t("collect.sources.revoked")}</Tag>}
        <Typography.Text type="secondary">
          {t("collect.sources.createdAt")} <Moment at={writeKey.created_at} />
        </Typography.Text>
      </div>
      {!ended && (
        <div className="row">
          <Button size="small" type="link" onClick={() => url.change({ tab: "snippets", key: writeKey.key, sdk: protocol })}>
            {t("collect.sources.tabs.snippets")}
          </Button>
          {manages && (
            <Popconfirm title={t("collect.sources.revokeConfirm")} okText={t("collect.sources.revoke")} okButtonProps={{ danger: true }} onConfirm={() => revoke.mutate()}>
              <Button size="small" danger loading={revoke.isPending}>
                {t("collect.sources.revoke")}
              </Button>
            </Popconfirm>
          )}
        </div>
      )}
    </li>
  );
}

/** A new source, with a first write key. */
function NewSource({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const project = useProject();
  const [form] = Form.useForm<{ name: string; protocol?: string }>();
  const params = { path: { project_id: project.id } };
  const make = useAction(
    async (entered: { name: string; protocol?: string }) => {
      const source = await taken(api.POST("/api/projects/{project_id}/sources", { params, body: { name: entered.name.trim(), protocol: entered.protocol ?? null } }));
      await taken(api.POST("/api/projects/{project_id}/write-keys", { params, body: { source_id: source.id } }));
    },
    { refresh: [["sources", project.id]], done: t("common.saved"), onDone: close },
  );
  return (
    <Modal open title={t("collect.sources.newSource")} onCancel={close} onOk={form.submit} okText={t("common.save")} confirmLoading={make.isPending}>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={make.mutate}>
        <Form.Item name="name" label={t("collect.sources.name")} rules={[{ required: true, whitespace: true, message: t("collect.sources.required") }]}>
          <Input autoFocus maxLength={100} />
        </Form.Item>
        <Form.Item name="protocol" label={t("collect.sources.protocol")}>
          <Select allowClear placeholder={t("collect.sources.anyProtocol")} options={SDKS.filter((sdk) => sdk.protocol !== null).map((sdk) => ({ value: sdk.protocol, label: sdk.title }))} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
