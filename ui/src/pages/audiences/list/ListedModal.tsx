import { App, Form, Input, Modal, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { useAction, useWording } from "@/components/page";
import { useProject } from "@/session/session";
import { pastedIds } from "@/pages/people/naming";

const MOST_IDS = 100_000;

interface Entered {
  name: string;
  description?: string;
  ids: string;
}

/** An audience of pasted ids. */
export function ListedModal({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const { modal, message } = App.useApp();
  const project = useProject();
  const words = useWording();
  const [form] = Form.useForm<Entered>();
  const typed = Form.useWatch("ids", form) ?? "";
  const make = useAction(
    ({ name, description, ids }: Entered) =>
      taken(api.POST("/api/projects/{project_id}/audiences", { params: { path: { project_id: project.id } }, body: { name: name.trim(), description: description ?? "", people: { distinct_ids: pastedIds(ids) }, refresh: "never" } })),
    {
      refresh: [["audiences", project.id]],
      onDone: ({ size, unknown_count, unknown_ids }) => {
        close();
        const done = t("audiences.created", { size: words.number(size) });
        if (unknown_count === 0) void message.success(done);
        else
          modal.warning({
            title: done,
            content: (
              <div className="stack" style={{ gap: 6 }}>
                {t("audiences.unknown", { count: unknown_count })}
                <Typography.Text code style={{ overflowWrap: "anywhere" }}>
                  {unknown_ids.join(", ")}
                </Typography.Text>
              </div>
            ),
          });
      },
    },
  );
  const rules = [
    { required: true, whitespace: true, message: t("audiences.required") },
    { validator: (_: unknown, text: string) => (pastedIds(text ?? "").length > MOST_IDS ? Promise.reject(new Error(t("audiences.tooMany"))) : Promise.resolve()) },
  ];
  return (
    <Modal open title={t("audiences.byIds")} onCancel={close} onOk={form.submit} okText={t("common.save")} confirmLoading={make.isPending}>
      <Form<Entered> form={form} layout="vertical" requiredMark={false} onFinish={make.mutate}>
        <Form.Item name="name" label={t("audiences.name")} rules={[{ required: true, whitespace: true, message: t("audiences.required") }]}>
          <Input autoFocus maxLength={200} />
        </Form.Item>
        <Form.Item name="description" label={t("common.description")}>
          <Input.TextArea autoSize={{ minRows: 1, maxRows: 4 }} />
        </Form.Item>
        <Form.Item name="ids" label={t("audiences.ids")} rules={rules} extra={typed ? t("audiences.idsCount", { count: pastedIds(typed).length }) : t("audiences.idsHint")}>
          <Input.TextArea rows={8} spellCheck={false} style={{ fontFamily: "ui-monospace, monospace" }} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
