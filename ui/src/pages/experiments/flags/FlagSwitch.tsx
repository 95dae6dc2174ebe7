import { App, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { useAction } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import type { Flag } from "./types";

/** Switches a flag off or on in an environment at once, whatever else of it is being edited. */
export function FlagSwitch({ flag, environment }: { flag: Flag; environment: string }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const { id: project_id } = useProject();
  const may = useMay("edit_insights");
  const on = flag.definition.environments[environment]?.enabled ?? false;
  const turn = useAction((enabled: boolean) => taken(api.POST("/api/projects/{project_id}/flags/{key}/switch", { params: { path: { project_id, key: flag.key } }, body: { environment, enabled } })), {
    done: (_, enabled) => t(enabled ? "flags.lit" : "flags.killed"),
    refresh: [["flags", project_id]],
  });
  const change = (enabled: boolean) => {
    if (enabled) turn.mutate(true);
    else void modal.confirm({ title: t("flags.killConfirm", { key: flag.key, off: flag.definition.off }), okText: t("flags.off"), okButtonProps: { danger: true }, onOk: () => turn.mutate(false) });
  };
  if (!(environment in flag.definition.environments)) return <span>–</span>;
  return <Switch checked={on} disabled={!may} loading={turn.isPending} checkedChildren={t("flags.on")} unCheckedChildren={t("flags.off")} aria-label={t("flags.switchLabel", { key: flag.key, environment })} onChange={change} />;
}
