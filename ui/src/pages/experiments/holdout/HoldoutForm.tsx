import { App, Drawer, Button, InputNumber, Radio, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ApiError, taken } from "@/api/client";
import { useAction } from "@/components/page";
import { ConditionBuilder, useReady } from "@/pages/audiences/conditions/ConditionBuilder";
import type { Condition } from "@/pages/audiences/conditions/types";
import { useProject } from "@/session/session";
import { Field } from "../edit/MetricEditor";
import type { Holdout } from "./HoldoutPage";

const NOBODY: Condition = { kind: "all", items: [] };
const ROTATIONS = [30, 60, 90, 180, 365];

/** How many are held out, for how long, and who never is. */
export function HoldoutForm({ holdout, close }: { holdout: Holdout | null; close: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { id: project_id } = useProject();
  const [percent, setPercent] = useState(holdout?.percent ?? 5);
  const [rotation, setRotation] = useState<number | null>(holdout ? (holdout.rotation_days ?? null) : 90);
  const [excluded, exclude] = useState((holdout?.excluded ?? null) as Condition | null);
  const ready = useReady(excluded ?? NOBODY);
  const save = useAction((condition: Condition | null) => taken(api.PUT("/api/projects/{project_id}/holdout", { params: { path: { project_id } }, body: { percent, rotation_days: rotation, excluded: condition } as never })), {
    done: t("holdout.saved"),
    refresh: [["holdout", project_id], ["holdout-size", project_id]],
    onDone: close,
  });
  const submit = () => {
    if (excluded && (!ready.condition || ready.unfinished.length)) return void message.warning(t("audiences.editor.fillFirst"));
    save.mutate(excluded && ready.condition);
  };
  const fault = save.error instanceof ApiError && save.error.path ? new ApiError(save.error.status, save.error.code, save.error.message, save.error.path.replace(/^excluded/, "condition"), save.error.hint) : null;
  const rotations = [...new Set([...ROTATIONS, rotation ?? 90])].sort((one, other) => one - other);
  return (
    <Drawer
      open
      size={680}
      title={t(holdout ? "holdout.change" : "holdout.set")}
      onClose={close}
      extra={
        <Button type="primary" loading={save.isPending} onClick={submit}>
          {t("common.save")}
        </Button>
      }
    >
      <div className="stack" style={{ gap: 18 }}>
        <Field label={t("holdout.percent")} hint={t("holdout.percentHint")}>
          {(id) => <InputNumber id={id} min={0.1} max={50} step={0.5} suffix="%" style={{ width: 120 }} value={percent} onChange={(value) => setPercent(value ?? 5)} />}
        </Field>
        <Field label={t("holdout.rotation")} hint={t("holdout.rotationHint")}>
          {() => <Select aria-label={t("holdout.rotation")} value={rotation ?? 0} style={{ width: 160 }} options={[...rotations.map((value) => ({ value, label: t("holdout.rotationDays", { count: value }) })), { value: 0, label: t("holdout.never") }]} onChange={(days) => setRotation(days || null)} />}
        </Field>
        <Field label={t("holdout.excluded")}>
          {() => <Radio.Group aria-label={t("holdout.excluded")} value={excluded ? "except" : "nobody"} options={(["nobody", "except"] as const).map((value) => ({ value, label: t(`holdout.${value}`) }))} onChange={(event) => exclude(event.target.value === "except" ? NOBODY : null)} />}
        </Field>
        {excluded && <ConditionBuilder value={excluded} ready={ready} error={fault} onChange={exclude} />}
      </div>
    </Drawer>
  );
}
