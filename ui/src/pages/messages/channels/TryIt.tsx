import { Alert, Button, Checkbox, Drawer, Form, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ApiError, taken } from "@/api/client";
import { useAction, usePages } from "@/components/page";
import { useProject } from "@/session/session";
import { useSeeds } from "../common/queries";
import type { Channel, Medium } from "../common/types";
import { plainSample } from "../templates/body";
import { Addresses, Outcomes } from "../templates/TestSend";

/** Sends a test by a channel: a simple message, or a template for somebody made up. */
export function TryIt({ channel, close }: { channel: Channel; close: () => void }) {
  const { t, i18n } = useTranslation();
  const { id: project_id } = useProject();
  const medium = channel.medium as Medium;
  const [addresses, address] = useState<string[]>([]);
  const [toSeeds, seed] = useState(false);
  const [template_id, choose] = useState("");
  const seeds = (useSeeds(true).data ?? []).filter((each) => each.medium === medium).length;
  const templates = usePages(["templates", project_id, "of", medium], (cursor) => taken(api.GET("/api/projects/{project_id}/message-templates", { params: { path: { project_id }, query: { medium, archived: false, cursor } } })));
  const send = useAction(() => {
    const said = template_id ? { template_id, sample: plainSample(i18n.language).person ?? {} } : { content: simple(medium, t("channels.test.subject"), t("channels.test.text")) };
    return taken(api.POST("/api/projects/{project_id}/message-channels/{channel_id}/test", { params: { path: { project_id, channel_id: channel.id } }, body: { addresses, seeds: toSeeds, ...said } as never }));
  });
  const nobody = !addresses.length && !toSeeds;
  return (
    <Drawer open size={560} title={t("channels.test.title", { name: channel.name })} onClose={close}>
      <Form layout="vertical" component="div" requiredMark={false}>
        {!channel.enabled && <Alert type="info" showIcon title={t("channels.test.off")} style={{ marginBottom: 12 }} />}
        <Form.Item label={t("channels.test.template")}>
          <Select aria-label={t("channels.test.template")} showSearch={{ optionFilterProp: "label" }} value={template_id} options={[{ value: "", label: t("channels.test.plain") }, ...templates.items.map((each) => ({ value: each.id, label: each.name }))]} onChange={choose} />
        </Form.Item>
        <Addresses medium={medium} value={addresses} onChange={address} />
        {seeds > 0 && (
          <Form.Item extra={t("channels.test.seedsToo")}>
            <Checkbox checked={toSeeds} onChange={(event) => seed(event.target.checked)}>
              {t("templates.test.seeds", { count: seeds })}
            </Checkbox>
          </Form.Item>
        )}
        <div className="stack">
          <Button type="primary" loading={send.isPending} disabled={nobody} title={nobody ? t("templates.test.needed") : undefined} onClick={() => send.mutate()}>
            {t("templates.test.send")}
          </Button>
          {send.error instanceof ApiError && <Alert type="error" showIcon title={send.error.message} description={send.error.hint} />}
          {send.data && <Outcomes results={send.data.results} />}
        </div>
      </Form>
    </Drawer>
  );
}

function simple(medium: Medium, subject: string, text: string): Record<string, unknown> {
  switch (medium) {
    case "email":
      return { medium, subject, text };
    case "sms":
      return { medium, text };
    case "push":
      return { medium, title: subject, body: text };
    case "bot":
      return { medium, title: subject, markdown: text };
    case "in_app":
      return { medium, form: "inbox", title: subject, body: text };
    case "webhook":
      return { medium, payload: JSON.stringify({ test: true, text }) };
  }
}
