import { Modal, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CodeBlock, JsonEditor, jsonFault, laidOut } from "@/components/page";
import { type HeldItem, isObject, mergePatched } from "./held";

interface Props {
  first: HeldItem | undefined;
  pending: boolean;
  close: () => void;
  apply: (patch: Record<string, unknown>) => void;
}

/** Changes many payloads alike; shows what the first one would become. */
export function PatchMany({ first, pending, close, apply }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState('{\n  "properties": {}\n}');
  const patch: unknown = jsonFault(text) === null ? JSON.parse(text) : null;
  const usable = isObject(patch);
  const after = usable && first && jsonFault(first.raw) === null ? JSON.stringify(mergePatched(JSON.parse(first.raw), patch)) : null;
  return (
    <Modal
      open
      width={720}
      title={t("collect.quarantine.patch")}
      okText={t("common.apply")}
      okButtonProps={{ disabled: !usable, loading: pending }}
      onOk={() => usable && apply(patch)}
      onCancel={close}
    >
      <div className="stack">
        <Typography.Text type="secondary">{t("collect.quarantine.patchHint")}</Typography.Text>
        <JsonEditor label={t("collect.quarantine.patch")} value={text} onChange={setText} />
        {after && (
          <>
            <span>{t("collect.quarantine.patchPreview")}</span>
            <CodeBlock label={t("collect.quarantine.patchPreview")} code={laidOut(after)} />
          </>
        )}
      </div>
    </Modal>
  );
}
