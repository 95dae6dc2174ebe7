import { Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

export function TextModal({ close, save }: { close: () => void; save: (text: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const finish = () => {
    save(text);
    close();
  };
  return (
    <Modal open title={t("dashboards.addText")} onCancel={close} onOk={finish} okText={t("common.add")} okButtonProps={{ disabled: !text.trim() }}>
      <Input.TextArea aria-label={t("dashboards.text")} placeholder={t("dashboards.text")} rows={6} maxLength={10_000} value={text} onChange={(event) => setText(event.target.value)} />
    </Modal>
  );
}
