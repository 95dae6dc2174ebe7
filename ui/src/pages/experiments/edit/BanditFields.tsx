import { InputNumber, Switch } from "antd";
import { useTranslation } from "react-i18next";
import type { Plan } from "../common/types";
import { Field } from "./MetricEditor";

/** Whether weights follow the results, how often, and what no variant falls below. */
export function BanditFields({ plan, set }: { plan: Plan; set: (change: Partial<Plan>) => void }) {
  const { t } = useTranslation();
  const { bandit } = plan;
  if (plan.source.kind !== "exposed") return null;
  return (
    <div className="stack" style={{ gap: 8 }}>
      <label className="row">
        <Switch checked={bandit !== null} onChange={(on) => set({ bandit: on ? { every_hours: 24, least_share: 0.05 } : null })} /> {t("experiments.form.bandit")}
      </label>
      <span style={{ fontSize: 12.5, opacity: 0.85 }}>{t("experiments.form.banditHint")}</span>
      {bandit && (
        <div className="metric-line">
          <Field label={t("experiments.form.every")}>{(id) => <InputNumber id={id} min={1} max={720} precision={0} value={bandit.every_hours} onChange={(every_hours) => set({ bandit: { ...bandit, every_hours: every_hours ?? 24 } })} />}</Field>
          <Field label={t("experiments.form.least")}>{(id) => <InputNumber id={id} min={1} max={30} suffix="%" value={Math.round(bandit.least_share * 100)} onChange={(percent) => set({ bandit: { ...bandit, least_share: (percent ?? 5) / 100 } })} />}</Field>
        </div>
      )}
    </div>
  );
}
