import { DatePicker, Form, InputNumber, Radio, Select } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { EventSelect } from "@/components/query/EventSelect";
import { FilterEditor } from "@/components/query/FilterEditor";
import { PropertySelect } from "@/components/query/PropertySelect";
import { LinkButton } from "@/components/LinkButton";
import { useMetrics } from "@/query/metrics";
import type { Filter, PropertyRef } from "@/query/types";
import { useProject } from "@/session/session";
import type { Plan } from "../shared/types";
import { usePlanning } from "./PlanContext";

/** What is to be moved: a metric; and what counts as success of one person. */
export function GoalSection() {
  const { t } = useTranslation();
  const { id } = useProject();
  const { plan, change, fixed } = usePlanning();
  const metrics = useMetrics();
  const goal = plan.goal ?? {};
  const set = (changes: Partial<NonNullable<Plan["goal"]>>) => change({ goal: { ...goal, ...changes } });
  return (
    <Form layout="vertical" component="div">
      <div className="form-grid">
        <Form.Item label={t("campaigns.plan.metric")} htmlFor="goal-metric" style={{ margin: 0 }}>
          <Select id="goal-metric" allowClear showSearch={{ optionFilterProp: "label" }} placeholder={t("campaigns.plan.chooseMetric")} value={goal.metric_id ?? undefined} options={metrics.items.map((each) => ({ value: each.id, label: each.name }))} onChange={(metric_id?: string) => set({ metric_id: metric_id ?? null })} notFoundContent={fixed ? undefined : <LinkButton size="small" type="link" to={`/p/${id}/metrics`}>{t("campaigns.plan.makeMetric")}</LinkButton>} />
        </Form.Item>
        <Form.Item label={t("campaigns.plan.target")} htmlFor="goal-target" style={{ margin: 0 }}>
          <InputNumber id="goal-target" style={{ width: "100%" }} value={goal.target} onChange={(target) => set({ target })} />
        </Form.Item>
        <Form.Item label={t("campaigns.plan.deadline")} htmlFor="goal-deadline" style={{ margin: 0 }}>
          <DatePicker id="goal-deadline" style={{ width: "100%" }} value={goal.deadline ? dayjs(goal.deadline) : null} onChange={(day) => set({ deadline: day ? day.format("YYYY-MM-DD") : null })} />
        </Form.Item>
      </div>
      <h3 style={{ fontSize: 14, margin: "18px 0 8px" }}>{t("campaigns.plan.outcome")}</h3>
      <OutcomeFields />
    </Form>
  );
}

type Outcome = NonNullable<Plan["outcome"]>;
type Worth = "none" | "property" | "each";

function OutcomeFields() {
  const { t } = useTranslation();
  const { currency } = useProject();
  const { plan, change } = usePlanning();
  const outcome: Outcome | null = plan.outcome ?? null;
  const events = outcome?.selector.events ?? [];
  const set = (changes: Partial<Outcome>) => change({ outcome: { selector: { events: [] }, window_days: 14, ...outcome, ...changes } });
  const worth: Worth = outcome?.value_property ? "property" : outcome?.value_each === null || outcome?.value_each === undefined ? "none" : "each";
  const choose = (next: Worth) =>
    set({ value_property: next === "property" ? { scope: "event", name: "$revenue" } : null, value_each: next === "each" ? (plan.hypothesis?.value ?? 0) : null });
  return (
    <div className="form-grid">
      <Form.Item label={t("campaigns.plan.event")} extra={t("campaigns.plan.eventHint")} style={{ margin: 0 }}>
        <EventSelect label={t("campaigns.plan.event")} value={events} onChange={(names) => (names.length ? set({ selector: { ...outcome?.selector, events: names } }) : change({ outcome: null }))} />
      </Form.Item>
      {outcome && (
        <Form.Item label={t("campaigns.plan.eventFilter")} extra={t("campaigns.plan.eventFilterHint")} style={{ margin: 0 }}>
          <FilterEditor value={outcome.selector.filter as Filter | null} events={events} onChange={(filter) => set({ selector: { ...outcome.selector, filter: filter as Outcome["selector"]["filter"] } })} />
        </Form.Item>
      )}
      <Form.Item label={t("campaigns.plan.window")} htmlFor="outcome-window" extra={t("campaigns.plan.windowHint")} style={{ margin: 0 }}>
        <InputNumber id="outcome-window" min={1} max={365} precision={0} suffix={t("campaigns.plan.days", { count: outcome?.window_days ?? 14 })} style={{ width: "100%" }} disabled={!outcome || undefined} value={outcome?.window_days ?? 14} onChange={(window_days) => set({ window_days: window_days ?? 14 })} />
      </Form.Item>
      <Form.Item label={t("campaigns.plan.worth")} style={{ margin: 0 }}>
        <div className="stack" style={{ gap: 8 }}>
          <Radio.Group aria-label={t("campaigns.plan.worth")} disabled={!outcome || undefined} value={worth} onChange={(event) => choose(event.target.value as Worth)} options={(["property", "each", "none"] as const).map((value) => ({ value, label: t(`campaigns.plan.worths.${value}`) }))} />
          {worth === "property" && <PropertySelect label={t("campaigns.plan.worths.property")} events={events} scopes={["event"]} value={outcome?.value_property as PropertyRef} onChange={(property) => set({ value_property: property })} />}
          {worth === "each" && <InputNumber aria-label={t("campaigns.plan.worths.each")} min={0} suffix={currency} value={outcome?.value_each} onChange={(value_each) => set({ value_each: value_each ?? 0 })} />}
        </div>
      </Form.Item>
    </div>
  );
}
