import { Button, Form, Input, InputNumber } from "antd";
import { useTranslation } from "react-i18next";
import { DeleteOutlined, PlusOutlined } from "@/components/icons";
import { useProject } from "@/session/session";
import { MomentPicker } from "../shared/MomentPicker";
import type { Plan } from "../shared/types";
import { usePlanning } from "./PlanContext";

type Milestone = NonNullable<Plan["timeline"]>[number];
type Resource = NonNullable<Plan["resources"]>[number];

/** When it runs, its days, and what is needed. */
export function TimeSection() {
  const { t } = useTranslation();
  const { time_zone } = useProject();
  const { plan, change } = usePlanning();
  return (
    <div className="stack" style={{ gap: 18 }}>
      <Form layout="vertical" component="div">
        <div className="form-grid">
          <Form.Item label={t("campaigns.plan.starts")} htmlFor="plan-starts" extra={t("campaigns.plan.zone", { zone: time_zone })} style={{ margin: 0 }}>
            <MomentPicker id="plan-starts" value={plan.starts_at} onChange={(starts_at) => change({ starts_at })} />
          </Form.Item>
          <Form.Item label={t("campaigns.plan.ends")} htmlFor="plan-ends" extra={t("campaigns.plan.endsHint")} style={{ margin: 0 }}>
            <MomentPicker id="plan-ends" value={plan.ends_at} onChange={(ends_at) => change({ ends_at })} />
          </Form.Item>
        </div>
      </Form>
      <Timeline items={plan.timeline ?? []} onChange={(timeline) => change({ timeline })} />
      <Resources items={plan.resources ?? []} onChange={(resources) => change({ resources })} />
    </div>
  );
}

function Timeline({ items, onChange }: { items: Milestone[]; onChange: (items: Milestone[]) => void }) {
  const { t } = useTranslation();
  const { fixed } = usePlanning();
  const set = (place: number, changes: Partial<Milestone>) => onChange(items.map((each, at) => (at === place ? { ...each, ...changes } : each)));
  return (
    <div className="stack" style={{ gap: 8 }} role="group" aria-label={t("campaigns.plan.timeline")}>
      <h3 style={{ fontSize: 14, margin: 0 }}>{t("campaigns.plan.timeline")}</h3>
      {items.map((each, place) => (
        <div key={place} className="row">
          <InputNumber aria-label={t("campaigns.plan.day")} prefix={t("campaigns.plan.day")} style={{ width: 120 }} min={-365} max={365} precision={0} value={each.day} onChange={(day) => set(place, { day: day ?? 0 })} />
          <Input aria-label={t("campaigns.plan.milestone")} style={{ flex: "1 1 200px", maxWidth: 460 }} maxLength={200} value={each.words} onChange={(event) => set(place, { words: event.target.value })} />
          {!fixed && <Button type="text" icon={<DeleteOutlined />} aria-label={t("campaigns.plan.dropMilestone", { words: each.words })} onClick={() => onChange(items.filter((_, at) => at !== place))} />}
        </div>
      ))}
      {!fixed && <Add words={t("campaigns.plan.addMilestone")} onClick={() => onChange([...items, { day: (items.at(-1)?.day ?? -1) + 1, words: t("campaigns.plan.milestone") }])} />}
    </div>
  );
}

function Resources({ items, onChange }: { items: Resource[]; onChange: (items: Resource[]) => void }) {
  const { t } = useTranslation();
  const { fixed } = usePlanning();
  const set = (place: number, changes: Partial<Resource>) => onChange(items.map((each, at) => (at === place ? { ...each, ...changes } : each)));
  return (
    <div className="stack" style={{ gap: 8 }} role="group" aria-label={t("campaigns.plan.resources")}>
      <h3 style={{ fontSize: 14, margin: 0 }}>{t("campaigns.plan.resources")}</h3>
      {items.map((each, place) => (
        <div key={place} className="row">
          <Input aria-label={t("campaigns.plan.resource")} placeholder={t("campaigns.plan.resource")} style={{ flex: "1 1 160px", maxWidth: 280 }} maxLength={200} value={each.name} onChange={(event) => set(place, { name: event.target.value })} />
          <InputNumber aria-label={t("campaigns.plan.quantity")} placeholder={t("campaigns.plan.quantity")} style={{ width: 100 }} min={0} value={each.quantity} onChange={(quantity) => set(place, { quantity })} />
          <Input aria-label={t("campaigns.plan.unit")} placeholder={t("campaigns.plan.unit")} style={{ width: 90 }} maxLength={40} value={each.unit ?? ""} onChange={(event) => set(place, { unit: event.target.value })} />
          <Input aria-label={t("campaigns.plan.from")} placeholder={t("campaigns.plan.from")} style={{ width: 150 }} maxLength={200} value={each.owner ?? ""} onChange={(event) => set(place, { owner: event.target.value })} />
          {!fixed && <Button type="text" icon={<DeleteOutlined />} aria-label={t("campaigns.plan.dropResource", { name: each.name })} onClick={() => onChange(items.filter((_, at) => at !== place))} />}
        </div>
      ))}
      {!fixed && <Add words={t("campaigns.plan.addResource")} onClick={() => onChange([...items, { name: t("campaigns.plan.resource"), quantity: null, unit: "", owner: "" }])} />}
    </div>
  );
}

function Add({ words, onClick }: { words: string; onClick: () => void }) {
  return (
    <div>
      <Button size="small" icon={<PlusOutlined />} onClick={onClick}>
        {words}
      </Button>
    </div>
  );
}
