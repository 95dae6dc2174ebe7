import { Alert, Input, Modal, Space } from "antd";
import { useTranslation } from "react-i18next";
import { CopyButton } from "./CopyButton";

interface Props {
  title: string;
  /** Why it must be kept now. */
  hint: string;
  /** Not open while null. */
  text: string | null;
  close: () => void;
}

/** A secret or a link that is shown this once. */
export function SecretOnce({ title, hint, text, close }: Props) {
  const { t } = useTranslation();
  return (
    <Modal open={text !== null} title={title} onCancel={close} onOk={close} okText={t("common.close")} cancelButtonProps={{ hidden: true }} mask={{ closable: false }}>
      <div className="stack">
        <Alert type="warning" showIcon title={hint} />
        <Space.Compact block>
          <Input readOnly value={text ?? ""} aria-label={title} style={{ fontFamily: "monospace" }} onFocus={(event) => event.target.select()} />
        </Space.Compact>
        <div>{text !== null && <CopyButton text={text} label={title} wide />}</div>
      </div>
    </Modal>
  );
}
