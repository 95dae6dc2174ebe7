import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";

export interface NewAccount {
  name?: string;
  email?: string;
  password: string;
  totp?: string;
}

interface Props {
  submit: string;
  pending: boolean;
  onFinish: (account: NewAccount) => void;
  /** Fields that are asked; the password always is. */
  asks?: readonly ("name" | "email" | "totp")[];
  /** The account exists: its own password is asked, not a new one. */
  existing?: boolean;
}

export function NewAccountForm({ submit, pending, onFinish, asks = ["name", "email"], existing = false }: Props) {
  const { t } = useTranslation();
  const required = { required: true, message: t("access.required") };
  return (
    <Form<NewAccount> layout="vertical" requiredMark={false} onFinish={onFinish}>
      {asks.includes("name") && (
        <Form.Item name="name" label={t("access.name")} rules={[required]}>
          <Input autoComplete="name" autoFocus />
        </Form.Item>
      )}
      {asks.includes("email") && (
        <Form.Item name="email" label={t("access.login.email")} rules={[required]}>
          <Input autoComplete="username" type="email" />
        </Form.Item>
      )}
      <Form.Item
        name="password"
        label={t(existing ? "access.login.password" : "access.newPassword")}
        extra={existing ? undefined : t("access.passwordRule")}
        rules={existing ? [required] : [required, { min: 10, message: t("access.passwordRule") }]}
      >
        <Input.Password autoComplete={existing ? "current-password" : "new-password"} />
      </Form.Item>
      {asks.includes("totp") && (
        <Form.Item name="totp" label={t("access.login.totp")} extra={t("access.login.totpHint")}>
          <Input autoComplete="one-time-code" inputMode="numeric" maxLength={6} />
        </Form.Item>
      )}
      <Button type="primary" htmlType="submit" block loading={pending}>
        {submit}
      </Button>
    </Form>
  );
}
