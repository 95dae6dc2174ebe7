import { App, Button, Dropdown, Form, Input, Modal, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, taken } from "@/api/client";
import { useAction, useMemberNames } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import type { Campaign, Verb } from "../shared/types";
import { NextModal } from "./NextModal";
import { VerbDialog } from "./VerbDialog";

const MAIN: Partial<Record<Campaign["status"], Verb>> = { draft: "submit", review: "start", scheduled: "start", running: "pause", paused: "resume", finished: "evaluate" };

/** What can be done with a campaign now, each with what it will do. */
export function Verbs({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const may = useMay("edit_insights");
  const [asked, ask] = useState<Verb | null>(null);
  const [open, setOpen] = useState<"edit" | "next" | null>(null);
  const { modal } = App.useApp();
  const remove = useRemove(campaign);
  if (!may) return null;
  const main = MAIN[campaign.status];
  const more = [
    { key: "edit", label: t("campaigns.rename"), onClick: () => setOpen("edit") },
    { key: "copy", label: t("campaigns.next.menu"), onClick: () => setOpen("next") },
    ...(campaign.status === "draft" ? [{ key: "remove", danger: true, label: t("campaigns.remove"), onClick: () => void modal.confirm({ title: t("campaigns.removeConfirm", { name: campaign.name }), okText: t("common.remove"), okButtonProps: { danger: true }, onOk: () => remove.mutate() }) }] : []),
  ];
  return (
    <>
      {campaign.status === "evaluated" && (
        <Button type="primary" onClick={() => setOpen("next")}>
          {t("campaigns.next.button")}
        </Button>
      )}
      {campaign.actions
        .toSorted((one, other) => Number(one === main) - Number(other === main))
        .map((verb) => (
          <Button key={verb} type={verb === main ? "primary" : "default"} danger={verb === "finish"} onClick={() => ask(verb)}>
            {t(`campaigns.verbs.${verb}.name`)}
          </Button>
        ))}
      <Dropdown trigger={["click"]} menu={{ items: more }}>
        <Button aria-label={t("common.more")}>⋯</Button>
      </Dropdown>
      {asked && <VerbDialog key={asked} campaign={campaign} verb={asked} close={() => ask(null)} />}
      {open === "next" && <NextModal campaign={campaign} close={() => setOpen(null)} />}
      {open === "edit" && <EditModal campaign={campaign} close={() => setOpen(null)} />}
    </>
  );
}

/** Name, description and who answers for it: these may change at any time. */
function EditModal({ campaign, close }: { campaign: Campaign; close: () => void }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const members = useMemberNames();
  const [held, hold] = useState({ name: campaign.name, description: campaign.description, owner_id: campaign.owner_id });
  const save = useAction(() => taken(api.PATCH("/api/projects/{project_id}/campaigns/{campaign_id}", { params: { path: { project_id, campaign_id: campaign.id } }, body: held })), {
    done: t("common.saved"),
    refresh: [["campaigns", project_id]],
    onDone: close,
  });
  return (
    <Modal open title={t("campaigns.rename")} onCancel={close} onOk={() => save.mutate()} okText={t("common.save")} okButtonProps={{ disabled: !held.name.trim() }} confirmLoading={save.isPending}>
      <Form layout="vertical" component="div">
        <Form.Item label={t("campaigns.name")} htmlFor="edit-name">
          <Input id="edit-name" maxLength={200} value={held.name} onChange={(event) => hold({ ...held, name: event.target.value })} />
        </Form.Item>
        <Form.Item label={t("common.description")} htmlFor="edit-description">
          <Input.TextArea id="edit-description" maxLength={2000} autoSize={{ minRows: 2, maxRows: 6 }} value={held.description} onChange={(event) => hold({ ...held, description: event.target.value })} />
        </Form.Item>
        <Form.Item label={t("campaigns.owner")} htmlFor="edit-owner">
          <Select id="edit-owner" allowClear showSearch={{ optionFilterProp: "label" }} value={held.owner_id ?? undefined} onChange={(owner_id?: string) => hold({ ...held, owner_id: owner_id ?? null })} options={[...members].map(([value, label]) => ({ value, label }))} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function useRemove(campaign: Campaign) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const navigate = useNavigate();
  return useAction(() => api.DELETE("/api/projects/{project_id}/campaigns/{campaign_id}", { params: { path: { project_id, campaign_id: campaign.id } } }), {
    done: t("common.removed"),
    refresh: [["campaigns", project_id, "list"]],
    onDone: () => void navigate(`/p/${project_id}/campaigns`),
  });
}
