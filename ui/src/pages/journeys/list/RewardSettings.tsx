import { useQuery } from "@tanstack/react-query";
import { Button, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { SettingOutlined } from "@/components/icons";
import { useAction } from "@/components/page";
import { useProject } from "@/session/session";
import { useChannels } from "../common/queries";
import { Pick } from "../forms/fields";

/** Which webhook is told of rewards that journeys give. */
export function RewardSettings() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon={<SettingOutlined />} onClick={() => setOpen(true)}>
        {t("journeys.rewards.title")}
      </Button>
      {open && <Dialog close={() => setOpen(false)} />}
    </>
  );
}

function Dialog({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const channels = useChannels().filter((each) => each.kind === "webhook");
  const settings = useQuery({
    queryKey: ["journey-settings", project_id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/journeys/settings", { params: { path: { project_id } } })),
  });
  const [chosen, choose] = useState<string | null | undefined>(undefined);
  const value = chosen === undefined ? settings.data?.reward_channel_id : chosen;
  const save = useAction(() => taken(api.PUT("/api/projects/{project_id}/journeys/settings", { params: { path: { project_id } }, body: { reward_channel_id: value ?? null } })), {
    done: t("common.saved"),
    refresh: [["journey-settings", project_id]],
    onDone: close,
  });
  return (
    <Modal open title={t("journeys.rewards.title")} onCancel={close} okText={t("common.save")} confirmLoading={save.isPending} onOk={() => save.mutate()}>
      <div className="stack">
        <span>{t("journeys.rewards.hint")}</span>
        <Pick label={t("journeys.form.webhook")} clearable value={value} options={channels} empty={t("journeys.form.noWebhooks")} hint={t("journeys.rewards.payload")} onChange={(id) => choose(id ?? null)} />
      </div>
    </Modal>
  );
}
