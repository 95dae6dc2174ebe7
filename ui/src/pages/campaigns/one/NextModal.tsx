import { Form, Input, Modal, Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, taken } from "@/api/client";
import { useAction } from "@/components/page";
import { useProject } from "@/session/session";
import type { Campaign } from "../shared/types";

/** Starts the next campaign from this one: its plan, tasks and planned costs, and what was measured. */
export function NextModal({ campaign, close }: { campaign: Campaign; close: () => void }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const navigate = useNavigate();
  const judged = campaign.status === "evaluated";
  const [name, setName] = useState(t("campaigns.copyName", { name: campaign.name }).slice(0, 200));
  const [measured, measure] = useState(judged);
  const copy = useAction(() => taken(api.POST("/api/projects/{project_id}/campaigns/{campaign_id}/copy", { params: { path: { project_id, campaign_id: campaign.id } }, body: { name: name.trim(), from_report: measured } })), {
    done: t("campaigns.next.done"),
    refresh: [["campaigns", project_id, "list"]],
    onDone: (made) => {
      close();
      void navigate(`/p/${project_id}/campaigns/${made.id}`);
    },
  });
  return (
    <Modal open title={t("campaigns.next.title", { name: campaign.name })} onCancel={close} onOk={() => copy.mutate()} okText={t("campaigns.start.make")} okButtonProps={{ disabled: !name.trim() }} confirmLoading={copy.isPending}>
      <Form layout="vertical" component="div">
        <Form.Item label={t("campaigns.name")} htmlFor="next-name" extra={t("campaigns.next.hint")}>
          <Input id="next-name" autoFocus maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
        </Form.Item>
        {judged && (
          <Form.Item label={t("campaigns.start.expectation")}>
            <Radio.Group aria-label={t("campaigns.start.expectation")} value={measured} onChange={(event) => measure(event.target.value as boolean)} options={[{ value: true, label: t("campaigns.start.asMeasured") }, { value: false, label: t("campaigns.start.asPlanned") }]} />
          </Form.Item>
        )}
      </Form>
    </Modal>
  );
}
