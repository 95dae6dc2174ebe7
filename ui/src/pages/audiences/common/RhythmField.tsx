import { Radio } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { type Rhythm, RHYTHMS } from "./types";

interface Props {
  value: Rhythm;
  onChange: (rhythm: Rhythm) => void;
  offered?: readonly Rhythm[];
}

/** How often people are found anew. */
export function RhythmField({ value, onChange, offered = RHYTHMS }: Props) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className="row" style={{ gap: 12 }}>
      <span id={id}>{t("audiences.refresh")}</span>
      <Radio.Group aria-labelledby={id} optionType="button" value={value} onChange={(event) => onChange(event.target.value as Rhythm)} options={offered.map((each) => ({ value: each, label: t(`audiences.rhythms.${each}`) }))} />
      <span style={{ fontSize: 13, opacity: 0.85 }}>{t(`audiences.rhythmHints.${value}`)}</span>
    </div>
  );
}
