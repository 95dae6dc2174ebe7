import { UserAddOutlined } from "@/components/icons";
import { Button, Form, Input, Modal, Select, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Role, Schemas } from "@/api/types";
import { SecretOnce, useAction } from "@/components/page";
import { useProject } from "@/session/session";
import { ROLES } from "./roles";

/** Invites somebody and shows the link once. */
export function InviteButton() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [link, setLink] = useState<string | null>(null);
  return (
    <>
      <Button type="primary" icon={<UserAddOutlined />} onClick={() => setOpen(true)}>
        {t("access.members.invite")}
      </Button>
      {open && (
        <Dialog
          close={() => setOpen(false)}
          invited={(made) => {
            setOpen(false);
            setLink(made);
          }}
        />
      )}
      <SecretOnce title={t("access.members.linkTitle")} hint={t("access.members.linkHint")} text={link} close={() => setLink(null)} />
    </>
  );
}

function Dialog({ close, invited }: { close: () => void; invited: (link: string) => void }) {
  const { t } = useTranslation();
  const project = useProject();
  const [form] = Form.useForm<Schemas["InvitationInput"]>();
  const invite = useAction(
    (body: Schemas["InvitationInput"]) => taken(api.POST("/api/projects/{project_id}/invitations", { params: { path: { project_id: project.id } }, body: { ...body, email: body.email.trim() } })),
    { refresh: [["invitations", project.id]], onDone: (made) => invited(made.link) },
  );
  return (
    <Modal open title={t("access.members.invite")} onCancel={close} onOk={form.submit} okText={t("access.members.invite")} confirmLoading={invite.isPending}>
      <Typography.Paragraph type="secondary">{t("access.members.inviteHint")}</Typography.Paragraph>
      <Form form={form} layout="vertical" requiredMark={false} initialValues={{ role: "viewer" satisfies Role }} onFinish={invite.mutate}>
        <Form.Item name="email" label={t("access.members.email")} rules={[{ required: true, message: t("access.required") }]}>
          <Input type="email" autoFocus autoComplete="off" />
        </Form.Item>
        <Form.Item name="role" label={t("access.members.role")}>
          <Select options={ROLES.map((value) => ({ value, label: t(`access.roles.${value}`) }))} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
