import { Button, Select } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { ArrowDownOutlined, ArrowUpOutlined, CloseOutlined } from "@/components/icons";
import { moved } from "./order";

interface Props {
  value: string[];
  offered: readonly string[];
  nameOf: (value: string) => string;
  onChange: (value: string[]) => void;
}

/** Values from best to worst; they are moved by buttons, so by the keyboard too. */
export function OrderField({ value, offered, nameOf, onChange }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const rest = offered.filter((each) => !value.includes(each));
  return (
    <div className="stack" style={{ gap: 6, marginBottom: 16 }}>
      <span id={id}>{t("warnings.order")}</span>
      <ol aria-labelledby={id} className="order-list">
        {value.map((each, place) => (
          <li key={each}>
            <span className="figure order-place">{place + 1}</span>
            <span style={{ flex: 1 }}>{nameOf(each)}</span>
            <Button size="small" type="text" disabled={place === 0} icon={<ArrowUpOutlined />} aria-label={t("warnings.up", { name: nameOf(each) })} onClick={() => onChange(moved(value, place, -1))} />
            <Button size="small" type="text" disabled={place === value.length - 1} icon={<ArrowDownOutlined />} aria-label={t("warnings.down", { name: nameOf(each) })} onClick={() => onChange(moved(value, place, 1))} />
            <Button size="small" type="text" icon={<CloseOutlined />} aria-label={t("warnings.drop", { name: nameOf(each) })} onClick={() => onChange(value.toSpliced(place, 1))} />
          </li>
        ))}
      </ol>
      <Select mode="tags" style={{ maxWidth: 320 }} aria-label={t("warnings.addValue")} placeholder={t("warnings.addValue")} value={[]} options={rest.map((each) => ({ value: each, label: nameOf(each) }))} onChange={(added: string[]) => onChange([...value, ...added.map((each) => each.trim()).filter((each) => each && !value.includes(each))])} />
      <span style={{ fontSize: 12.5, opacity: 0.85 }}>{t("warnings.orderHint")}</span>
    </div>
  );
}
