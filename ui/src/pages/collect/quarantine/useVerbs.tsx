import { App, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { useAction } from "@/components/page";
import { useProject } from "@/session/session";
import { useReason } from "../reasons";
import type { Wanted } from "./held";

/** Replay, discard and patch, for the items that a filter finds. */
export function useVerbs(onDone: () => void) {
  const { t } = useTranslation();
  const project = useProject();
  const show = useReplayResult();
  const { message } = App.useApp();
  const params = { path: { project_id: project.id } };
  const refresh = [["quarantine", project.id], ["quarantine-summary", project.id], ["quarantine-item", project.id], ["recent-events", project.id]];
  const replay = useAction((body: Wanted) => taken(api.POST("/api/projects/{project_id}/quarantine/replay", { params, body })), {
    refresh,
    onDone: (result) => {
      show(result);
      onDone();
    },
  });
  const discard = useAction((body: Wanted) => taken(api.POST("/api/projects/{project_id}/quarantine/discard", { params, body })), {
    refresh,
    onDone: ({ changed }) => {
      void message.success(t("collect.quarantine.discarded", { count: changed }));
      onDone();
    },
  });
  const patch = useAction(
    (body: { filter: Wanted; patch: Record<string, unknown> }) => taken(api.POST("/api/projects/{project_id}/quarantine/patch", { params, body })),
    {
      refresh,
      onDone: ({ changed }) => {
        void message.success(t("collect.quarantine.patched", { count: changed }));
        onDone();
      },
    },
  );
  return { replay, discard, patch };
}

const SHOWN = 20;

function useReplayResult() {
  const { t } = useTranslation();
  const { modal, message } = App.useApp();
  const reason = useReason();
  return ({ stored, failed }: Schemas["ReplayOutput"]) => {
    const words = t("collect.quarantine.stored", { count: stored });
    if (failed.length === 0) {
      void message.success(words);
      return;
    }
    modal.warning({
      title: t("collect.quarantine.replayResult"),
      content: (
        <div className="stack" style={{ gap: 6 }}>
          <span>{words}</span>
          <span>{t("collect.quarantine.failed", { count: failed.length })}</span>
          <ul style={{ margin: 0, paddingInlineStart: 18 }}>
            {failed.slice(0, SHOWN).map((each) => (
              <li key={each.item_id}>
                {reason(each.reason)} <Typography.Text code>{each.path || "·"}</Typography.Text>
              </li>
            ))}
          </ul>
        </div>
      ),
    });
  };
}
