import { Alert, Button, Form, Input, Modal, Radio, Select } from "antd";
import { type ChangeEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ApiError, taken } from "@/api/client";
import { UploadOutlined } from "@/components/icons";
import { useAction } from "@/components/page";
import { useProject } from "@/session/session";
import { MEDIA, type Medium, type Suppression } from "./queries";

const EVERY = ["email", "sms", "push", "in_app", "*"] as const;
type Imported = Awaited<ReturnType<typeof send>>;

/** An address or a person that nobody is to write to. */
export function AddSuppression({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const [held, hold] = useState({ whom: "address" as "address" | "person", medium: "email" as (typeof EVERY)[number], text: "", detail: "" });
  const add = useAction(
    () => taken(api.POST("/api/projects/{project_id}/consent/suppressions", { params: { path: { project_id } }, body: { medium: held.medium, [held.whom]: held.text.trim(), detail: held.detail } })),
    { done: t("consent.added"), refresh: [["consent", project_id]], onDone: close },
  );
  const fault = add.error instanceof ApiError ? add.error.message : undefined;
  return (
    <Modal open title={t("consent.addTitle")} onCancel={close} onOk={() => add.mutate()} okText={t("consent.add")} confirmLoading={add.isPending} okButtonProps={{ disabled: held.text.trim() === "" }}>
      <Form layout="vertical" component="div" requiredMark={false}>
        <Form.Item label={t("consent.whom")}>
          <Radio.Group aria-label={t("consent.whom")} optionType="button" value={held.whom} options={(["address", "person"] as const).map((value) => ({ value, label: t(`consent.whoms.${value}`) }))} onChange={(event) => hold({ ...held, whom: event.target.value as "address" | "person" })} />
        </Form.Item>
        <Form.Item label={t("outbox.mediumTitle")}>
          <Select aria-label={t("outbox.mediumTitle")} value={held.medium} options={EVERY.map((value) => ({ value, label: t(`outbox.media.${value}`) }))} onChange={(medium) => hold({ ...held, medium })} />
        </Form.Item>
        <Form.Item label={t(held.whom === "address" ? "consent.address" : "consent.person")} htmlFor="suppressed" validateStatus={fault ? "error" : undefined} help={fault}>
          <Input id="suppressed" maxLength={320} spellCheck={false} value={held.text} onChange={(event) => hold({ ...held, text: event.target.value })} />
        </Form.Item>
        <Form.Item label={t("consent.detail")} htmlFor="suppressed-detail">
          <Input id="suppressed-detail" maxLength={500} value={held.detail} onChange={(event) => hold({ ...held, detail: event.target.value })} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function send(project_id: string, medium: Medium, file: File) {
  const form = new FormData();
  form.set("file", file);
  return taken(api.POST("/api/projects/{project_id}/consent/suppressions/import", { params: { path: { project_id }, query: { medium } }, body: form as never, bodySerializer: (body) => body as never }));
}

/** A file of addresses, with what could not be taken by line. */
export function ImportSuppressions({ close }: { close: () => void }) {
  const { t, i18n } = useTranslation();
  const { id: project_id } = useProject();
  const [medium, setMedium] = useState<Medium>("email");
  const [done, setDone] = useState<Imported | null>(null);
  const add = useAction((file: File) => send(project_id, medium, file), { refresh: [["consent", project_id]], onDone: setDone });
  const chosen = (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    event.target.value = "";
    if (file) add.mutate(file);
  };
  return (
    <Modal open title={t("consent.importTitle")} onCancel={close} footer={<Button onClick={close}>{t("common.close")}</Button>}>
      <div className="stack">
        <span>{t("consent.importHint")}</span>
        <Select aria-label={t("outbox.mediumTitle")} value={medium} options={MEDIA.map((value) => ({ value, label: t(`outbox.media.${value}`) }))} onChange={setMedium} />
        <label className="ant-btn ant-btn-default ant-btn-variant-outlined" style={{ alignSelf: "start", display: "inline-flex", gap: 8, padding: "4px 15px", border: "1px solid rgb(127 127 127 / 40%)", borderRadius: 6, cursor: "pointer" }}>
          <UploadOutlined />
          {t("consent.chooseFile")}
          <input type="file" accept=".csv,text/csv" aria-label={t("consent.chooseFile")} disabled={add.isPending} style={{ position: "absolute", width: 1, height: 1, opacity: 0 }} onChange={chosen} />
        </label>
        {add.error instanceof ApiError && <Alert type="error" showIcon title={add.error.message} />}
        {done && <Alert type={done.refused.length > 0 ? "warning" : "success"} showIcon title={`${t("consent.importedLines", { count: done.lines })}${t("consent.importedAdded", { count: done.added })}`} />}
        {done && done.refused.length > 0 && (
          <div>
            <strong>{t("consent.refusedLines", { count: done.refused.length })}</strong>
            <ul style={{ maxHeight: 200, overflow: "auto", margin: 0 }}>
              {done.refused.map((each) => (
                <li key={each.line}>
                  {t("consent.line", { line: each.line })}: {i18n.language === "zh" ? each.reason_zh : each.reason_en}
                </li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </Modal>
  );
}

/** Takes one off the list, saying why. */
export function RemoveSuppression({ row, close }: { row: Suppression; close: () => void }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const [why, setWhy] = useState("");
  const remove = useAction(
    () => taken(api.DELETE("/api/projects/{project_id}/consent/suppressions/{suppression_id}", { params: { path: { project_id, suppression_id: row.id }, query: { why } } })),
    { done: t("consent.removed"), refresh: [["consent", project_id]], onDone: close },
  );
  return (
    <Modal open title={t("consent.removeTitle", { shown: row.shown || row.person_id })} onCancel={close} onOk={() => remove.mutate()} okText={t("consent.remove")} confirmLoading={remove.isPending} okButtonProps={{ danger: true, disabled: why.trim() === "" }}>
      <Form layout="vertical" component="div" requiredMark={false}>
        <Form.Item label={t("consent.removeWhy")} htmlFor="remove-why" extra={t("consent.removeHint")}>
          <Input id="remove-why" maxLength={500} value={why} onChange={(event) => setWhy(event.target.value)} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
