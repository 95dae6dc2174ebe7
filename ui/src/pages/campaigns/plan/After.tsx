import { Form, InputNumber, Select, Space } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

const UNITS = { minutes: 1, hours: 60, days: 1440 } as const;
type Unit = keyof typeof UNITS;

/** The largest unit that minutes are whole in. */
export function unitOf(minutes: number): Unit {
  if (minutes > 0 && minutes % 1440 === 0) return "days";
  return minutes > 0 && minutes % 60 === 0 ? "hours" : "minutes";
}

/** How long after the start, in a unit that suits it. */
export function After({ id, minutes, onChange }: { id: string; minutes: number; onChange: (minutes: number) => void }) {
  const { t } = useTranslation();
  const [unit, setUnit] = useState<Unit>(unitOf(minutes));
  return (
    <Form.Item label={t("campaigns.plan.after")} htmlFor={id} style={{ margin: 0 }}>
      <Space.Compact block>
        <InputNumber id={id} min={0} max={Math.floor(525_600 / UNITS[unit])} style={{ flex: 1 }} value={Math.round((minutes / UNITS[unit]) * 100) / 100} onChange={(value) => onChange(Math.round((value ?? 0) * UNITS[unit]))} />
        <Select<Unit> aria-label={t("campaigns.plan.afterUnit")} style={{ width: 96 }} value={unit} onChange={setUnit} options={(Object.keys(UNITS) as Unit[]).map((value) => ({ value, label: t(`campaigns.plan.units.${value}`) }))} />
      </Space.Compact>
    </Form.Item>
  );
}
