import { Input, InputNumber } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { pastedIds } from "@/pages/people/naming";
import type { Listed, Share } from "./types";

/** People by any of their ids. */
export function ListedFields({ value, onChange }: { value: Listed; onChange: (listed: Listed) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(value.distinct_ids.join("\n"));
  // Another list may have taken this one's place.
  const shown = pastedIds(text).join("\n") === value.distinct_ids.join("\n") ? text : value.distinct_ids.join("\n");
  const change = (typed: string) => {
    setText(typed);
    onChange({ ...value, distinct_ids: pastedIds(typed) });
  };
  return (
    <div className="stack" style={{ gap: 4 }}>
      <Input.TextArea aria-label={t("conditions.ids")} spellCheck={false} autoSize={{ minRows: 3, maxRows: 8 }} value={shown} style={{ fontFamily: "ui-monospace, monospace" }} onChange={(event) => change(event.target.value)} />
      <span style={{ fontSize: 12, opacity: 0.8 }}>{value.distinct_ids.length ? t("audiences.idsCount", { count: value.distinct_ids.length }) : t("conditions.idsHint")}</span>
    </div>
  );
}

/** A random share of everyone. */
export function ShareFields({ value, onChange }: { value: Share; onChange: (share: Share) => void }) {
  const { t } = useTranslation();
  return (
    <div className="stack" style={{ gap: 4 }}>
      <div className="condition-line">
        <InputNumber aria-label={t("conditions.percent")} min={0.0001} max={100} value={value.percent} suffix="%" style={{ width: 120 }} onChange={(percent) => onChange({ ...value, percent: percent ?? 10 })} />
        <Input aria-label={t("conditions.salt")} placeholder={t("conditions.salt")} maxLength={100} value={value.salt ?? ""} style={{ width: 200 }} onChange={(event) => onChange({ ...value, salt: event.target.value })} />
      </div>
      <span style={{ fontSize: 12, opacity: 0.8 }}>{t("conditions.saltHint")}</span>
    </div>
  );
}
