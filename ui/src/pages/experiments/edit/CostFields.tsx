import { InputNumber, Select, Switch } from "antd";
import { useTranslation } from "react-i18next";
import type { Costs, Plan } from "../common/types";
import { Field } from "./MetricEditor";

const FREE: Costs = { fixed: 0, per_person: {}, margin: 1, revenue: null };

/** What the treatment costs, and which metric is money. */
export function CostFields({ plan, costs, onChange }: { plan: Pick<Plan, "variants" | "control" | "metrics">; costs: Costs | null; onChange: (costs: Costs | null) => void }) {
  const { t } = useTranslation();
  const money = plan.metrics.filter((each) => each.measure.kind === "mean");
  return (
    <div className="stack" style={{ gap: 8 }}>
      <label className="row">
        <Switch checked={costs !== null} onChange={(on) => onChange(on ? FREE : null)} /> {t("experiments.form.costs")}
      </label>
      <span style={{ fontSize: 12.5, opacity: 0.85 }}>{t("experiments.form.costsHint")}</span>
      {costs && (
        <div className="metric-line">
          <Field label={t("experiments.form.fixed")}>{(id) => <InputNumber id={id} min={0} value={costs.fixed} onChange={(fixed) => onChange({ ...costs, fixed: fixed ?? 0 })} />}</Field>
          {plan.variants
            .filter((each) => each.key !== plan.control)
            .map(({ key }) => (
              <Field key={key} label={t("experiments.form.perPerson", { name: key })}>
                {(id) => <InputNumber id={id} min={0} step={0.1} value={costs.per_person[key] ?? 0} onChange={(cost) => onChange({ ...costs, per_person: { ...costs.per_person, [key]: cost ?? 0 } })} />}
              </Field>
            ))}
          <Field label={t("experiments.form.marginRate")}>{(id) => <InputNumber id={id} min={1} max={100} suffix="%" value={Math.round(costs.margin * 100)} onChange={(percent) => onChange({ ...costs, margin: (percent ?? 100) / 100 })} />}</Field>
          <Field label={t("experiments.form.revenue")}>
            {() => <Select aria-label={t("experiments.form.revenue")} value={costs.revenue ?? "none"} style={{ minWidth: 150 }} options={[{ value: "none", label: t("common.none") }, ...money.map((each) => ({ value: each.key, label: each.name || each.key }))]} onChange={(key) => onChange({ ...costs, revenue: key === "none" ? null : key })} />}
          </Field>
        </div>
      )}
    </div>
  );
}
