import { Checkbox, Form, Input, Modal, Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { useAction } from "@/components/page";
import { useProject } from "@/session/session";

const KEY = /^[a-z][a-z0-9_]*$/;
const TEXTS = ["name_zh", "name_en", "description_zh", "description_en"] as const;
const LABELS = { name_zh: "nameZh", name_en: "nameEn", description_zh: "descriptionZh", description_en: "descriptionEn" } as const;

/** A new purpose of messages. */
export function PurposeForm({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const [key, setKey] = useState("");
  const [held, hold] = useState({ kind: "marketing" as "marketing" | "transactional", name_zh: "", name_en: "", description_zh: "", description_en: "", shown: true });
  const save = useAction(() => taken(api.PUT("/api/projects/{project_id}/consent/purposes/{key}", { params: { path: { project_id, key } }, body: { ...held, rules: {}, position: 10 } })), {
    done: t("consent.purposeSaved"),
    refresh: [["consent", project_id]],
    onDone: close,
  });
  const wrong = key !== "" && !KEY.test(key);
  return (
    <Modal open title={t("consent.newPurpose")} onCancel={close} onOk={() => save.mutate()} okText={t("common.save")} confirmLoading={save.isPending} okButtonProps={{ disabled: !KEY.test(key) || !held.name_zh.trim() || !held.name_en.trim() }}>
      <Form layout="vertical" component="div" requiredMark={false}>
        <Form.Item label={t("consent.key")} htmlFor="purpose-key" extra={t("consent.keyHint")} validateStatus={wrong ? "error" : undefined}>
          <Input id="purpose-key" maxLength={60} spellCheck={false} aria-invalid={wrong} value={key} onChange={(event) => setKey(event.target.value)} />
        </Form.Item>
        <Form.Item label={t("consent.kind")}>
          <Radio.Group aria-label={t("consent.kind")} optionType="button" value={held.kind} options={(["marketing", "transactional"] as const).map((value) => ({ value, label: t(`consent.kinds.${value}`) }))} onChange={(event) => hold({ ...held, kind: event.target.value as typeof held.kind })} />
        </Form.Item>
        {TEXTS.map((name) => (
          <Form.Item key={name} label={t(`consent.${LABELS[name]}`)} htmlFor={`purpose-${name}`}>
            <Input id={`purpose-${name}`} maxLength={200} value={held[name]} onChange={(event) => hold({ ...held, [name]: event.target.value })} />
          </Form.Item>
        ))}
        <Checkbox checked={held.shown} onChange={(event) => hold({ ...held, shown: event.target.checked })}>
          {t("consent.shown")}
        </Checkbox>
      </Form>
    </Modal>
  );
}
