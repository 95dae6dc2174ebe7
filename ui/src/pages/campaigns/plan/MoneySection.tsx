import { Form, Input, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { useProject } from "@/session/session";
import type { Plan } from "../shared/types";
import { CostLines } from "./CostLines";
import { usePlanning } from "./PlanContext";

const KINDS = ["none", "coupon", "points", "gift", "discount", "shipping", "other"] as const;
type Offer = NonNullable<Plan["offer"]>;

/** What people get, the budget, and lines of cost. */
export function MoneySection() {
  const { t } = useTranslation();
  const { currency } = useProject();
  const { plan, change, campaign } = usePlanning();
  const offer: Offer = plan.offer ?? { kind: "none", words: "", code: "" };
  const set = (changes: Partial<Offer>) => change({ offer: { ...offer, ...changes } });
  return (
    <div className="stack" style={{ gap: 16 }}>
      <Form layout="vertical" component="div">
        <div className="form-grid">
          <Form.Item label={t("campaigns.plan.offer")} htmlFor="offer-kind" style={{ margin: 0 }}>
            <Select<Offer["kind"]> id="offer-kind" value={offer.kind ?? "none"} options={KINDS.map((value) => ({ value, label: t(`campaigns.plan.offers.${value}`) }))} onChange={(kind) => set({ kind })} />
          </Form.Item>
          {offer.kind !== "none" && (
            <>
              <Form.Item label={t("campaigns.plan.offerWords")} htmlFor="offer-words" style={{ margin: 0 }}>
                <Input id="offer-words" maxLength={2000} value={offer.words ?? ""} onChange={(event) => set({ words: event.target.value })} />
              </Form.Item>
              <Form.Item label={t("campaigns.plan.offerCode")} htmlFor="offer-code" style={{ margin: 0 }}>
                <Input id="offer-code" maxLength={100} value={offer.code ?? ""} onChange={(event) => set({ code: event.target.value })} />
              </Form.Item>
              <Form.Item label={t("campaigns.plan.offerCost")} htmlFor="offer-cost" extra={t("campaigns.plan.offerCostHint")} style={{ margin: 0 }}>
                <InputNumber id="offer-cost" min={0} suffix={currency} style={{ width: "100%" }} value={offer.cost_each} onChange={(cost_each) => set({ cost_each })} />
              </Form.Item>
            </>
          )}
          <Form.Item label={t("campaigns.plan.budget")} htmlFor="plan-budget" extra={t("campaigns.plan.budgetHint")} style={{ margin: 0 }}>
            <InputNumber id="plan-budget" min={0} suffix={currency} style={{ width: "100%" }} value={plan.budget} onChange={(budget) => change({ budget })} />
          </Form.Item>
        </div>
      </Form>
      <CostLines campaign={campaign} />
    </div>
  );
}
