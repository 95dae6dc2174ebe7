import { Button, InputNumber, Radio, Select, Switch } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DeleteOutlined, PlusOutlined } from "@/components/icons";
import { PropertySelect } from "@/components/query/PropertySelect";
import type { Plan } from "../common/types";
import { Field } from "./MetricEditor";

interface Props {
  plan: Plan;
  set: (change: Partial<Plan>) => void;
}

/** How it is read: looks, confidence, corrections, what was before, and segments. */
export function ReadingFields({ plan, set }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <Field label={t("experiments.form.looks")} hint={t(`experiments.form.lookHints.${plan.looks}`)}>
        {() => (
          <Radio.Group aria-label={t("experiments.form.looks")} optionType="button" disabled={plan.bandit !== null} value={plan.bandit ? "once" : plan.looks} options={(["any_time", "once"] as const).map((value) => ({ value, label: t(`experiments.form.lookKinds.${value}`) }))} onChange={(event) => set({ looks: event.target.value as Plan["looks"] })} />
        )}
      </Field>
      <div className="metric-line" style={{ alignItems: "flex-start" }}>
        <Field label={t("experiments.form.confidence")}>{(id) => <InputNumber id={id} min={50} max={99.9} suffix="%" style={{ width: 100 }} value={Math.round(plan.confidence * 1000) / 10} onChange={(percent) => set({ confidence: (percent ?? 95) / 100 })} />}</Field>
        <Field label={t("experiments.form.expected")} hint={t("experiments.form.expectedHint")}>
          {(id) => <InputNumber id={id} min={100} max={1_000_000_000} precision={0} style={{ width: 140 }} value={plan.expected_people} onChange={(expected_people) => set({ expected_people: expected_people ?? 10_000 })} />}
        </Field>
        <Field label={t("experiments.form.preDays")} hint={t("experiments.form.preDaysHint")}>
          {(id) => <InputNumber id={id} min={0} max={365} precision={0} style={{ width: 100 }} value={plan.pre_days} onChange={(pre_days) => set({ pre_days: pre_days ?? 0 })} />}
        </Field>
        <Field label={t("experiments.form.correction")}>
          {() => <Select aria-label={t("experiments.form.correction")} value={plan.correction} style={{ width: 190 }} options={(["holm", "benjamini_hochberg", "none"] as const).map((value) => ({ value, label: t(`experiments.form.corrections.${value}`) }))} onChange={(correction) => set({ correction })} />}
        </Field>
      </div>
      <label className="row">
        <Switch checked={plan.read_daily} onChange={(read_daily) => set({ read_daily })} /> {t("experiments.form.readDaily")}
      </label>
      <Segments plan={plan} set={set} />
    </>
  );
}

function Segments({ plan, set }: Props) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const scopes = plan.source.kind === "assigned" ? (["person", "tag", "audience"] as const) : (["person", "tag", "audience", "event"] as const);
  return (
    <Field label={t("experiments.form.segments")} hint={t("experiments.form.segmentsHint")}>
      {() => (
        <div className="stack" style={{ gap: 6, maxWidth: 420 }}>
          {plan.segments.map((segment, place) => (
            <div key={place} className="row" style={{ flexWrap: "nowrap" }}>
              <PropertySelect label={t("experiments.form.segments")} scopes={scopes} value={segment} onChange={(property) => set({ segments: plan.segments.with(place, property) })} />
              <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("common.remove")} onClick={() => set({ segments: plan.segments.toSpliced(place, 1) })} />
            </div>
          ))}
          {adding && (
            <PropertySelect
              label={t("experiments.form.addSegment")}
              scopes={scopes}
              value={null}
              onChange={(property) => {
                setAdding(false);
                set({ segments: [...plan.segments, property] });
              }}
            />
          )}
          {!adding && plan.segments.length < 5 && (
            <div>
              <Button size="small" type="dashed" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
                {t("experiments.form.addSegment")}
              </Button>
            </div>
          )}
        </div>
      )}
    </Field>
  );
}
