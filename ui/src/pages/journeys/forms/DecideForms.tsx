import { Button, Input, InputNumber } from "antd";
import { useTranslation } from "react-i18next";
import { DeleteOutlined, PlusOutlined } from "@/components/icons";
import { Labelled } from "@/pages/audiences/common/Labelled";
import { useExperiments } from "../common/queries";
import type { Branch, Split, Trial } from "../common/types";
import { nameFor } from "../editor/graph";
import { ConditionField, Pick, Words } from "./fields";
import type { FormProps } from "./NodeForm";

const MOST = 20;
const VARIANT = /^[a-z0-9][a-z0-9_]{0,39}$/;

/** Ways for those for whom a condition holds, the first that does. */
export function BranchForm({ node, change }: FormProps<Branch>) {
  const { t } = useTranslation();
  const replaced = (at: number, next: Partial<Branch["cases"][number]>, field?: string) => change({ ...node, cases: node.cases.map((each, place) => (place === at ? { ...each, ...next } : each)) }, field);
  return (
    <div className="stack">
      {node.cases.map((each, place) => (
        <section key={each.name} className="selector" aria-label={t("journeys.form.case", { number: place + 1 })}>
          <div className="row between" style={{ flexWrap: "nowrap" }}>
            <Input size="small" aria-label={t("journeys.form.caseName", { number: place + 1 })} placeholder={t("journeys.form.case", { number: place + 1 })} maxLength={200} value={each.label ?? ""} onChange={(event) => replaced(place, { label: event.target.value || null }, `case.${each.name}`)} />
            {node.cases.length > 1 && <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={`${t("common.remove")}: ${t("journeys.form.case", { number: place + 1 })}`} onClick={() => change({ ...node, cases: node.cases.filter((other) => other !== each) })} />}
          </div>
          <ConditionField label={t("journeys.form.conditionOf", { number: place + 1 })} value={each.condition} onChange={(condition) => replaced(place, { condition: condition ?? undefined })} />
        </section>
      ))}
      {node.cases.length < MOST && (
        <Button size="small" type="dashed" icon={<PlusOutlined />} onClick={() => change({ ...node, cases: [...node.cases, { name: nameFor(node.cases.map((each) => each.name), "case") }] })}>
          {t("journeys.form.addCase")}
        </Button>
      )}
      <span style={{ fontSize: 12.5, opacity: 0.85 }}>{t("journeys.form.casesHint")}</span>
    </div>
  );
}

/** Ways by chance. */
export function SplitForm({ node, change }: FormProps<Split>) {
  const { t } = useTranslation();
  const whole = node.portions.reduce((sum, each) => sum + each.percent, 0);
  const replaced = (at: number, next: Partial<Split["portions"][number]>, field: string) => change({ ...node, portions: node.portions.map((each, place) => (place === at ? { ...each, ...next } : each)) }, field);
  const even = () => {
    const share = Math.floor(10_000 / node.portions.length) / 100;
    change({ ...node, portions: node.portions.map((each, place) => ({ ...each, percent: place ? share : Math.round((100 - share * (node.portions.length - 1)) * 100) / 100 })) });
  };
  return (
    <div className="stack">
      {node.portions.map((each, place) => (
        <div key={each.name} className="row" style={{ flexWrap: "nowrap" }}>
          <Input aria-label={t("journeys.form.portionName", { number: place + 1 })} placeholder={each.name} maxLength={200} value={each.label ?? ""} onChange={(event) => replaced(place, { label: event.target.value || null }, `label.${each.name}`)} />
          <InputNumber aria-label={t("journeys.form.portion", { number: place + 1 })} min={0.01} max={100} suffix="%" style={{ width: 120, flex: "none" }} value={each.percent} onChange={(percent) => replaced(place, { percent: percent ?? 1 }, `percent.${each.name}`)} />
          {node.portions.length > 2 && <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={`${t("common.remove")}: ${t("journeys.form.portion", { number: place + 1 })}`} onClick={() => change({ ...node, portions: node.portions.filter((other) => other !== each) })} />}
        </div>
      ))}
      <div className="row between">
        <div className="row">
          {node.portions.length < MOST && (
            <Button size="small" type="dashed" icon={<PlusOutlined />} onClick={() => change({ ...node, portions: [...node.portions, { name: nameFor(node.portions.map((each) => each.name), "way"), percent: 10 }] })}>
              {t("journeys.form.addPortion")}
            </Button>
          )}
          <Button size="small" onClick={even}>
            {t("journeys.form.even")}
          </Button>
        </div>
        <span className={Math.abs(whole - 100) > 1e-6 ? "fault-text figure" : "figure"}>{t("journeys.form.whole", { percent: Math.round(whole * 100) / 100 })}</span>
      </div>
      <Words label={t("journeys.form.salt")} hint={t("journeys.form.saltHint")} most={100} value={node.salt} onChange={(salt) => change({ ...node, salt }, "salt")} />
    </div>
  );
}

/** Ways by the variants of an experiment. */
export function TrialForm({ node, change }: FormProps<Trial>) {
  const { t } = useTranslation();
  const experiments = useExperiments();
  const chosen = experiments.find((each) => each.id === node.experiment);
  const keys = chosen?.plan.variants.map((each) => each.key) ?? [];
  const unusable = keys.filter((key) => !VARIANT.test(key));
  const choose = (experiment: string | undefined) => {
    const variants = experiments.find((each) => each.id === experiment)?.plan.variants ?? [];
    change({ ...node, experiment, variants: Object.fromEntries(variants.filter((each) => VARIANT.test(each.key)).map((each) => [each.key, node.variants[each.key] ?? null])) });
  };
  return (
    <div className="stack">
      <Pick label={t("journeys.kinds.experiment")} value={node.experiment} options={experiments} empty={t("journeys.form.noExperiments")} hint={t("journeys.form.experimentHint")} onChange={choose} />
      {chosen && (
        <Labelled name={t("journeys.form.variants")} hint={unusable.length ? t("journeys.form.variantsUnusable", { names: unusable.join(", ") }) : undefined}>
          <span>{Object.keys(node.variants).join(", ")}</span>
        </Labelled>
      )}
    </div>
  );
}
