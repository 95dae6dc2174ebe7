import { App, Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { useAction } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import { useConfirm } from "../common/useConfirm";
import type { Sync } from "./types";

interface Props {
  sync: Sync;
  edit: () => void;
  deliveries: () => void;
  tell: (secret: string) => void;
}

/** What can be done with a sync. */
export function SyncVerbs({ sync, edit, deliveries, tell }: Props) {
  const { t } = useTranslation();
  const may = useMay("edit_data");
  const items = useItems(sync, edit, tell);
  return (
    <span className="row" style={{ gap: 6, flexWrap: "nowrap" }}>
      <Button size="small" aria-label={t("syncs.deliveriesOf", { name: sync.name })} onClick={deliveries}>
        {t("syncs.deliveries")}
      </Button>
      {may && (
        <Dropdown trigger={["click"]} menu={{ items }}>
          <Button size="small" aria-label={t("syncs.more", { name: sync.name })}>
            ⋯
          </Button>
        </Dropdown>
      )}
    </span>
  );
}

function useItems(sync: Sync, edit: () => void, tell: (secret: string) => void) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const { id: project_id } = useProject();
  const confirm = useConfirm();
  const params = { path: { project_id, sync_id: sync.id } };
  const refresh = [["syncs", project_id], ["deliveries", project_id, sync.id]] as const;
  const send = useAction((everyone: boolean) => taken(api.POST("/api/projects/{project_id}/audience-syncs/{sync_id}/send", { params, body: { everyone } })), { done: t("syncs.sent"), refresh });
  const turn = useAction((enabled: boolean) => taken(api.PATCH("/api/projects/{project_id}/audience-syncs/{sync_id}", { params, body: { enabled } })), {
    done: ({ enabled }) => t(enabled ? "syncs.going" : "syncs.stopped"),
    refresh,
  });
  const renew = useAction(() => taken(api.POST("/api/projects/{project_id}/audience-syncs/{sync_id}/secret", { params })), { onDone: ({ secret }) => tell(secret) });
  const remove = useAction(() => api.DELETE("/api/projects/{project_id}/audience-syncs/{sync_id}", { params }), { done: t("common.removed"), refresh });
  const ask = (title: string, okText: string, onOk: () => void) => void modal.confirm({ title, okText, onOk });
  const webhook = sync.kind === "webhook";
  return [
    { key: "send", label: t("syncs.send"), onClick: () => send.mutate(false) },
    ...(webhook ? [{ key: "everyone", label: t("syncs.sendEveryone"), onClick: () => ask(t("syncs.sendEveryoneConfirm"), t("syncs.sendEveryone"), () => send.mutate(true)) }] : []),
    { key: "edit", label: t("common.edit"), onClick: edit },
    { key: "turn", label: t(sync.enabled ? "syncs.stop" : "syncs.goOn"), onClick: () => turn.mutate(!sync.enabled) },
    ...(webhook ? [{ key: "secret", label: t("syncs.newSecret"), onClick: () => ask(t("syncs.newSecretConfirm"), t("syncs.newSecret"), () => renew.mutate()) }] : []),
    { key: "remove", danger: true, label: t("common.remove"), onClick: () => void confirm(t("syncs.remove", { name: sync.name }), () => remove.mutate()) },
  ];
}
