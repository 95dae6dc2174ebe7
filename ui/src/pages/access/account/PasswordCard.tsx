import { Button, Card, Form, Input, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useAction } from "@/components/page";

interface Entered {
  current: string;
  new: string;
  repeat: string;
}

/** Changes the password. */
export function PasswordCard() {
  const { t } = useTranslation();
  const [form] = Form.useForm<Entered>();
  const change = useAction((entered: Entered) => api.POST("/api/me/password", { body: { current: entered.current, new: entered.new } }), {
    done: t("access.account.passwordChanged"),
    refresh: [["me"], ["my-sessions"]],
    onDone: () => form.resetFields(),
  });
  const required = { required: true, message: t("access.required") };
  return (
    <Card size="small" title={t("access.account.password")}>
      <Form<Entered> form={form} layout="vertical" requiredMark={false} onFinish={change.mutate}>
        <Form.Item name="current" label={t("access.account.currentPassword")} rules={[required]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item name="new" label={t("access.newPassword")} extra={t("access.passwordRule")} rules={[required, { min: 10, message: t("access.passwordRule") }]}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="repeat"
          label={t("access.account.repeat")}
          dependencies={["new"]}
          rules={[
            required,
            ({ getFieldValue }) => ({ validator: (_, typed) => (typed === getFieldValue("new") ? Promise.resolve() : Promise.reject(new Error(t("access.account.different")))) }),
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <div className="row">
          <Button type="primary" htmlType="submit" loading={change.isPending}>
            {t("access.account.changePassword")}
          </Button>
          <Typography.Text type="secondary">{t("access.account.passwordHint")}</Typography.Text>
        </div>
      </Form>
    </Card>
  );
}
