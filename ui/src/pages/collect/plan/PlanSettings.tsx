import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Card, Segmented, Select, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { useAction } from "@/components/page";
import { useMay, useProject } from "@/session/session";

const MODES = ["observe", "warn", "enforce"] as const;
const UNKNOWN = ["allow", "refuse"] as const;

export function usePlanSettings() {
  const project = useProject();
  return useQuery({
    queryKey: ["plan-settings", project.id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/catalog/settings", { params: { path: { project_id: project.id } } })),
  });
}

/** How strictly the plan is applied. */
export function PlanSettings() {
  const { t } = useTranslation();
  const project = useProject();
  const may = useMay("edit_data");
  const queries = useQueryClient();
  const settings = usePlanSettings();
  const change = useAction(
    (body: Schemas["PlanSettingsChange"]) =>
      taken(api.PATCH("/api/projects/{project_id}/catalog/settings", { params: { path: { project_id: project.id } }, body })),
    { done: t("common.saved"), onDone: (after) => queries.setQueryData(["plan-settings", project.id], after) },
  );
  if (settings.isPending) return <Waiting height={84} />;
  if (settings.error) return <Failure small error={settings.error} retry={() => void settings.refetch()} />;
  const { mode, unknown_events, unknown_properties } = settings.data;
  const unknown = UNKNOWN.map((value) => ({ value, label: t(`collect.plan.unknown.${value}`) }));
  const disabled = !may || change.isPending;
  return (
    <Card size="small">
      <div className="row" style={{ gap: "12px 28px" }}>
        <div className="row">
          <span>{t("collect.plan.mode")}</span>
          <Segmented
            aria-label={t("collect.plan.mode")}
            disabled={disabled}
            value={mode}
            options={MODES.map((value) => ({ value, label: t(`collect.plan.modes.${value}`) }))}
            onChange={(chosen) => change.mutate({ mode: chosen })}
          />
        </div>
        <div className="row">
          <span>{t("collect.plan.unknownEvents")}</span>
          <Select aria-label={t("collect.plan.unknownEvents")} style={{ width: 130 }} disabled={disabled} value={unknown_events} options={unknown} onChange={(chosen) => change.mutate({ unknown_events: chosen })} />
        </div>
        <div className="row">
          <span>{t("collect.plan.unknownProperties")}</span>
          <Select aria-label={t("collect.plan.unknownProperties")} style={{ width: 130 }} disabled={disabled} value={unknown_properties} options={unknown} onChange={(chosen) => change.mutate({ unknown_properties: chosen })} />
        </div>
      </div>
      <Typography.Text type="secondary">{t(`collect.plan.modeHints.${mode}`)}</Typography.Text>
    </Card>
  );
}
