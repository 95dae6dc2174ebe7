import { Form, Input, InputNumber } from "antd";
import { useTranslation } from "react-i18next";
import { useProject } from "@/session/session";
import type { Plan } from "../shared/types";
import { useCampaignFigures } from "../shared/words";
import { usePlanning } from "./PlanContext";

type Hypothesis = NonNullable<Plan["hypothesis"]>;
const inPercent = (share: number | null | undefined) => (share === null || share === undefined ? share : Math.round(share * 1e6) / 1e4);
const ofPercent = (percent: number | null) => (percent === null ? null : percent / 100);

/** What is expected: people reached × effect × value. */
export function HypothesisSection() {
  const { t } = useTranslation();
  const { currency } = useProject();
  const { plan, change } = usePlanning();
  const held: Hypothesis = plan.hypothesis ?? { words: "" };
  const set = (changes: Partial<Hypothesis>) => change({ hypothesis: { ...held, ...changes } });
  return (
    <Form layout="vertical" component="div">
      <div className="form-grid">
        <Form.Item label={t("campaigns.plan.reach")} htmlFor="expected-reach" style={{ margin: 0 }}>
          <InputNumber id="expected-reach" min={1} max={1e9} precision={0} style={{ width: "100%" }} value={held.reach} onChange={(reach) => set({ reach })} />
        </Form.Item>
        <Form.Item label={t("campaigns.plan.effect")} htmlFor="expected-effect" extra={t("campaigns.plan.effectHint")} style={{ margin: 0 }}>
          <InputNumber id="expected-effect" min={0.0001} max={100} suffix={t("campaigns.plan.pointsUnit")} style={{ width: "100%" }} value={inPercent(held.effect)} onChange={(percent) => set({ effect: ofPercent(percent) })} />
        </Form.Item>
        <Form.Item label={t("campaigns.plan.value")} htmlFor="expected-value" style={{ margin: 0 }}>
          <InputNumber id="expected-value" min={0} suffix={currency} style={{ width: "100%" }} value={held.value} onChange={(value) => set({ value })} />
        </Form.Item>
        <Form.Item label={t("campaigns.plan.baseline")} htmlFor="expected-baseline" extra={t("campaigns.plan.baselineHint")} style={{ margin: 0 }}>
          <InputNumber id="expected-baseline" min={0} max={99.99} suffix="%" style={{ width: "100%" }} value={inPercent(held.baseline)} onChange={(percent) => set({ baseline: ofPercent(percent) })} />
        </Form.Item>
      </div>
      <div style={{ marginBlock: 14 }}>
        <Product held={held} />
      </div>
      <Form.Item label={t("campaigns.plan.why")} htmlFor="expected-words" style={{ margin: 0 }}>
        <Input.TextArea id="expected-words" maxLength={2000} autoSize={{ minRows: 2, maxRows: 6 }} value={held.words ?? ""} onChange={(event) => set({ words: event.target.value })} />
      </Form.Item>
    </Form>
  );
}

function Product({ held }: { held: Hypothesis }) {
  const { t } = useTranslation();
  const figures = useCampaignFigures();
  const { reach, effect, value } = held;
  const known = reach != null && effect != null && value != null;
  return (
    <div className="product" role="group" aria-label={t("campaigns.plan.product")}>
      <Factor name={t("campaigns.report.factors.reach")} figure={figures.number(reach)} />
      <span aria-hidden>×</span>
      <Factor name={t("campaigns.report.factors.effect")} figure={figures.points(effect)} />
      <span aria-hidden>×</span>
      <Factor name={t("campaigns.report.factors.value")} figure={figures.money(value)} />
      <span aria-hidden>=</span>
      <Factor name={t("campaigns.expected")} figure={known ? figures.money(reach * effect * value) : "–"} result />
    </div>
  );
}

function Factor({ name, figure, result = false }: { name: string; figure: string; result?: boolean }) {
  return (
    <div className={result ? "result" : undefined}>
      <small>{name}</small>
      <strong>{figure}</strong>
    </div>
  );
}
