import { Button, Form, Input, Modal, Select } from "antd";
import { useTranslation } from "react-i18next";

export interface Named {
  name: string;
  description?: string;
  tags?: string[];
}

interface Props {
  title: string;
  initial: Named;
  saving: boolean;
  save: (named: Named) => void;
  close: () => void;
}

/** What an insight is called, and its tags. */
export function Naming({ title, initial, saving, save, close }: Props) {
  const { t } = useTranslation();
  return (
    <Modal open title={title} onCancel={close} footer={null}>
      <Form<Named> layout="vertical" onFinish={save} initialValues={initial}>
        <Form.Item name="name" label={t("common.name")} rules={[{ required: true, whitespace: true, message: t("access.required") }]}>
          <Input maxLength={200} autoFocus />
        </Form.Item>
        <Form.Item name="description" label={t("common.description")}>
          <Input.TextArea rows={2} maxLength={2000} />
        </Form.Item>
        <Form.Item name="tags" label={t("common.tags")}>
          <Select mode="tags" open={false} suffixIcon={null} />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={saving} block>
          {t("common.save")}
        </Button>
      </Form>
    </Modal>
  );
}
