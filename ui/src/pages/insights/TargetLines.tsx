import { AimOutlined, DeleteOutlined, PlusOutlined } from "@/components/icons";
import { Button, Input, InputNumber, Popover } from "antd";
import { useTranslation } from "react-i18next";
import type { Target } from "@/results/types";

interface Props {
  value: Target[];
  onChange: (targets: Target[]) => void;
}

/** Lines across a trend that say what was aimed at. */
export function TargetLines({ value, onChange }: Props) {
  const { t } = useTranslation();
  const replace = (place: number, next: Target) => onChange(value.map((each, at) => (at === place ? next : each)));
  const content = (
    <div className="stack" style={{ width: 300 }}>
      {value.map((target, place) => (
        <div key={place} className="row" style={{ flexWrap: "nowrap" }}>
          <Input aria-label={t("insights.targetLabel")} placeholder={t("insights.targetLabel")} value={target.label} maxLength={60} onChange={(event) => replace(place, { ...target, label: event.target.value })} />
          <InputNumber aria-label={t("insights.value")} value={target.value} onChange={(next) => replace(place, { ...target, value: next ?? 0 })} />
          <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("common.remove")} onClick={() => onChange(value.filter((_, at) => at !== place))} />
        </div>
      ))}
      <Button size="small" type="dashed" icon={<PlusOutlined />} onClick={() => onChange([...value, { value: 0, label: "" }])}>
        {t("insights.addTarget")}
      </Button>
    </div>
  );
  return (
    <Popover trigger="click" content={content} placement="bottomRight">
      <Button icon={<AimOutlined />}>
        {t("insights.targets")}
        {value.length > 0 && ` (${value.length})`}
      </Button>
    </Popover>
  );
}
