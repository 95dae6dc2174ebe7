import { Card, InputNumber, Radio, Select, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { SelectorField } from "@/components/query/Fields";
import { PropertySelect } from "@/components/query/PropertySelect";
import { ConditionBuilder } from "@/pages/audiences/conditions/ConditionBuilder";
import type { Ready } from "@/pages/audiences/conditions/making";
import type { Condition } from "@/pages/audiences/conditions/types";
import { ApiError } from "@/api/client";
import { useLayers } from "../common/queries";
import type { Plan, Source } from "../common/types";
import { NewLayer } from "../list/LayersCard";
import { Field } from "./MetricEditor";

export const NOBODY: Condition = { kind: "all", items: [] };
const SOURCES = ["exposed", "assigned", "event"] as const;

interface Props {
  plan: Plan;
  set: (change: Partial<Plan>) => void;
  ready: Ready;
  error: ApiError | null;
}

/** Who takes part: where groups come from, who is eligible, how many, and beside which other experiments. */
export function WhoCard({ plan, set, ready, error }: Props) {
  const { t } = useTranslation();
  const layers = useLayers();
  const { source } = plan;
  const change = (kind: Source["kind"]) => set({ source: kind === "event" ? { kind, event: { events: [] }, variant: { scope: "event", name: "" } } : { kind } });
  return (
    <Card size="small" title={t("experiments.form.who")}>
      <div className="stack">
        <Field label={t("experiments.form.source")} hint={t(`experiments.form.sourceHints.${source.kind}`)}>
          {() => <Radio.Group aria-label={t("experiments.form.source")} optionType="button" value={source.kind} options={SOURCES.map((value) => ({ value, label: t(`experiments.form.sources.${value}`) }))} onChange={(event) => change(event.target.value as Source["kind"])} />}
        </Field>
        {source.kind === "event" && (
          <SelectorField label={t("experiments.form.event")} value={source.event} onChange={(event) => set({ source: { ...source, event } })}>
            <PropertySelect label={t("experiments.form.variantProperty")} placeholder={t("experiments.form.variantProperty")} scopes={["event"]} events={source.event.events} value={source.variant.name ? source.variant : null} onChange={(variant) => set({ source: { ...source, variant } })} />
          </SelectorField>
        )}
        {source.kind !== "event" && (
          <>
            <Field label={t("experiments.form.eligible")}>
              {() => (
                <Radio.Group
                  aria-label={t("experiments.form.eligible")}
                  value={plan.eligible ? "chosen" : "everyone"}
                  options={(["everyone", "chosen"] as const).map((value) => ({ value, label: t(`experiments.form.${value}`) }))}
                  onChange={(event) => set({ eligible: event.target.value === "chosen" ? NOBODY : null })}
                />
              )}
            </Field>
            {plan.eligible && <ConditionBuilder value={plan.eligible} ready={ready} error={asCondition(error)} onChange={(eligible) => set({ eligible })} />}
            <div className="metric-line">
              <Field label={t("experiments.form.traffic")} hint={t("experiments.form.trafficHint")}>
                {(id) => <InputNumber id={id} min={0.1} max={100} suffix="%" style={{ width: 110 }} value={plan.traffic} onChange={(traffic) => set({ traffic: traffic ?? 100 })} />}
              </Field>
              <Field label={t("experiments.form.layer")} hint={t("experiments.form.layerHint")}>
                {() => (
                  <span className="row">
                    <Select
                      aria-label={t("experiments.form.layer")}
                      value={plan.layer_id ?? "none"}
                      style={{ minWidth: 160 }}
                      options={[{ value: "none", label: t("experiments.form.noLayer") }, ...(layers.data ?? []).map((each) => ({ value: each.id, label: each.name }))]}
                      onChange={(layer) => set({ layer_id: layer === "none" ? null : layer })}
                    />
                    <NewLayer onMade={(layer_id) => set({ layer_id })} />
                  </span>
                )}
              </Field>
            </div>
            <label className="row">
              <Switch checked={plan.respects_holdout} onChange={(respects_holdout) => set({ respects_holdout })} /> {t("experiments.form.holdout")}
            </label>
          </>
        )}
      </div>
    </Card>
  );
}

/** A fault of the condition, with its place as the builder counts. */
function asCondition(error: ApiError | null): unknown {
  if (!error?.path?.startsWith("plan.eligible")) return null;
  return new ApiError(error.status, error.code, error.message, error.path.replace(/^plan\.eligible/, "condition"), error.hint);
}
