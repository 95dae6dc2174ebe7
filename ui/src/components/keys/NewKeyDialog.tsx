import { DatePicker, Form, Input, Modal, Radio } from "antd";
import type { Dayjs } from "dayjs";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/types";

export type NewKey = Schemas["TokenInput"];
type Scope = NewKey["scopes"][number];

const SCOPES: Scope[] = ["view", "export", "read", "write", "admin"];

interface Entered {
  name: string;
  scope: Scope;
  expires?: Dayjs | null;
}

interface Props {
  title: string;
  pending: boolean;
  close: () => void;
  make: (key: NewKey) => void;
}

/** Purpose, scope and expiry of a new API key or token. */
export function NewKeyDialog({ title, pending, close, make }: Props) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Entered>();
  const finish = ({ name, scope, expires }: Entered) => make({ name: name.trim(), scopes: [scope], expires_at: expires ? expires.endOf("day").toISOString() : null });
  return (
    <Modal open title={title} onCancel={close} onOk={form.submit} okText={t("common.save")} confirmLoading={pending}>
      <Form<Entered> form={form} layout="vertical" requiredMark={false} initialValues={{ scope: "view" }} onFinish={finish}>
        <Form.Item name="name" label={t("collect.sources.keyName")} rules={[{ required: true, whitespace: true, message: t("collect.sources.required") }]}>
          <Input autoFocus maxLength={200} />
        </Form.Item>
        <Form.Item name="scope" label={t("collect.sources.scopes")} extra={t("collect.sources.scopeHint")}>
          <Radio.Group options={SCOPES.map((value) => ({ value, label: t(`collect.sources.scope.${value}`) }))} style={{ display: "flex", flexDirection: "column", gap: 4 }} />
        </Form.Item>
        <Form.Item name="expires" label={t("collect.sources.expires")}>
          <DatePicker style={{ width: "100%" }} placeholder={t("collect.sources.never")} disabledDate={(day) => day.endOf("day").valueOf() < new Date().getTime()} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
