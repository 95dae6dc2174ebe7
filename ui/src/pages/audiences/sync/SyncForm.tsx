import { Checkbox, Form, Input, InputNumber, Modal, Radio, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { useAction } from "@/components/page";
import { useProperties } from "@/query/catalog";
import { useCodeName } from "@/query/codes";
import { useSubjects, useTagValues } from "@/query/subjects";
import { useMay, useProject } from "@/session/session";
import { bodyOf, isReady, type Sync, type SyncHeld } from "./types";

const NO_EVENTS: string[] = [];

interface Props {
  begun: SyncHeld;
  sync?: Sync;
  close: () => void;
  /** Told the secret of a new webhook, which nobody sees again. */
  tell: (secret: string) => void;
}

interface FieldsProps {
  held: SyncHeld;
  hold: (held: SyncHeld) => void;
}

/** Where something is sent, how, and what goes along. */
export function SyncForm({ begun, sync, close, tell }: Props) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const { subjects } = useSubjects();
  const [held, hold] = useState(begun);
  const isTag = subjects.find((each) => each.id === held.subject_id)?.type === "tag";
  const save = useAction(
    async () => {
      if (sync) return void (await api.PATCH("/api/projects/{project_id}/audience-syncs/{sync_id}", { params: { path: { project_id, sync_id: sync.id } }, body: bodyOf(held, false) as never }));
      return (await taken(api.POST("/api/projects/{project_id}/audience-syncs", { params: { path: { project_id } }, body: bodyOf(held, true) as never }))) as Schemas["SyncCreated"];
    },
    {
      done: t("syncs.saved"),
      refresh: [["syncs", project_id]],
      onDone: (made) => {
        close();
        if (made?.secret) tell(made.secret);
      },
    },
  );
  return (
    <Modal open width={640} title={sync ? sync.name : t("syncs.create")} onCancel={close} onOk={() => save.mutate()} okText={t("common.save")} okButtonProps={{ disabled: !isReady(held, isTag) }} confirmLoading={save.isPending}>
      <Form layout="vertical" component="div" requiredMark={false}>
        <Form.Item label={t("syncs.name")} htmlFor="sync-name">
          <Input id="sync-name" maxLength={200} value={held.name} onChange={(event) => hold({ ...held, name: event.target.value })} />
        </Form.Item>
        <Subject held={held} hold={hold} isTag={isTag} fixed={sync !== undefined} />
        <Target held={held} hold={hold} fixed={sync !== undefined} />
        <Along held={held} hold={hold} />
      </Form>
    </Modal>
  );
}

function Subject({ held, hold, isTag, fixed }: FieldsProps & { isTag: boolean; fixed: boolean }) {
  const { t } = useTranslation();
  const { subjects } = useSubjects();
  const codeName = useCodeName();
  const values = useTagValues(isTag ? held.subject_id : null);
  const groups = (["audience", "tag"] as const).map((type) => ({
    label: t(`audiences.subjectTypes.${type}`),
    options: subjects.filter((each) => each.type === type).map(({ id, name }) => ({ value: id, label: name })),
  }));
  return (
    <div className="form-grid">
      <Form.Item label={t("syncs.subject")}>
        <Select aria-label={t("syncs.subject")} disabled={fixed} value={held.subject_id || undefined} showSearch={{ optionFilterProp: "label" }} options={groups} onChange={(subject_id: string) => hold({ ...held, subject_id, value: null })} />
      </Form.Item>
      {isTag && (
        <Form.Item label={t("syncs.value")}>
          <Select aria-label={t("syncs.value")} disabled={fixed} value={held.value ?? undefined} showSearch options={values.map((value) => ({ value, label: codeName({ scope: "tag", name: held.subject_id }, value) ?? value }))} onChange={(value: string) => hold({ ...held, value })} />
        </Form.Item>
      )}
    </div>
  );
}

function Target({ held, hold, fixed }: FieldsProps & { fixed: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item label={t("syncs.kind")} extra={t(`syncs.kindHints.${held.kind}`)}>
        <Radio.Group aria-label={t("syncs.kind")} optionType="button" disabled={fixed} value={held.kind} options={(["webhook", "files"] as const).map((value) => ({ value, label: t(`syncs.kinds.${value}`) }))} onChange={(event) => hold({ ...held, kind: event.target.value as SyncHeld["kind"] })} />
      </Form.Item>
      {held.kind === "webhook" ? (
        <Form.Item label={t("syncs.url")} htmlFor="sync-url" extra={t("syncs.urlHint")}>
          <Input id="sync-url" inputMode="url" spellCheck={false} maxLength={2000} placeholder="https://" value={held.url} onChange={(event) => hold({ ...held, url: event.target.value })} />
        </Form.Item>
      ) : (
        <div className="form-grid">
          <Form.Item label={t("syncs.every")}>
            <Radio.Group aria-label={t("syncs.every")} optionType="button" value={held.every} options={(["hourly", "daily"] as const).map((value) => ({ value, label: t(`syncs.everies.${value}`) }))} onChange={(event) => hold({ ...held, every: event.target.value as SyncHeld["every"] })} />
          </Form.Item>
          <Form.Item label={t("syncs.keepDays")} htmlFor="sync-keep">
            <InputNumber id="sync-keep" min={1} max={366} precision={0} value={held.keep_days} onChange={(days) => hold({ ...held, keep_days: days ?? 30 })} />
          </Form.Item>
        </div>
      )}
    </>
  );
}

function Along({ held, hold }: FieldsProps) {
  const { t } = useTranslation();
  const mayUnmask = useMay("unmask");
  const known = useProperties(NO_EVENTS).filter((each) => each.ref.scope === "person");
  return (
    <>
      <Form.Item label={t("syncs.properties")} extra={t("syncs.propertiesHint")}>
        <Select mode="multiple" maxCount={50} aria-label={t("syncs.properties")} value={held.properties} options={known.map((each) => ({ value: each.ref.name, label: each.label }))} onChange={(properties: string[]) => hold({ ...held, properties })} />
      </Form.Item>
      <Form.Item extra={t("syncs.unmaskHint")} style={{ marginBottom: 0 }}>
        <Checkbox disabled={!mayUnmask} checked={held.unmask} onChange={(event) => hold({ ...held, unmask: event.target.checked })}>
          {t("syncs.unmask")}
        </Checkbox>
      </Form.Item>
    </>
  );
}
