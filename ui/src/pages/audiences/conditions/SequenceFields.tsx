import { Button, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { SelectorField } from "@/components/query/Fields";
import { PlusOutlined } from "@/components/icons";
import type { Sequence } from "./types";
import { Count, SpanUnits, WindowFields } from "./WindowFields";

const MOST = 10;

/** Steps one after another, from the first to the last within some time. */
export function SequenceFields({ value, onChange }: { value: Sequence; onChange: (sequence: Sequence) => void }) {
  const { t } = useTranslation();
  const { steps, within } = value;
  return (
    <div className="stack" style={{ gap: 8 }}>
      <div className="condition-line">
        <WindowFields value={value.window} onChange={(window) => onChange({ ...value, window })} />
        <span className="row" style={{ gap: 6, flex: "none" }}>
          <Switch size="small" aria-label={t("conditions.within")} checked={Boolean(within)} onChange={(on) => onChange({ ...value, within: on ? { count: 3, unit: "day" } : null })} />
          {t(within ? "conditions.within" : "conditions.withinOff")}
        </span>
        {within && (
          <>
            <Count value={within.count} most={100_000} label={t("conditions.within")} onChange={(count) => onChange({ ...value, within: { ...within, count } })} />
            <SpanUnits value={within.unit} onChange={(unit) => onChange({ ...value, within: { ...within, unit } })} />
          </>
        )}
      </div>
      {steps.map((step, place) => (
        <SelectorField
          key={place}
          badge={String(place + 1)}
          label={t("conditions.step", { count: place + 1 })}
          value={step}
          onChange={(next) => onChange({ ...value, steps: steps.with(place, next) })}
          onRemove={steps.length > 2 ? () => onChange({ ...value, steps: steps.toSpliced(place, 1) }) : undefined}
        />
      ))}
      {steps.length < MOST && (
        <div>
          <Button size="small" type="dashed" icon={<PlusOutlined />} onClick={() => onChange({ ...value, steps: [...steps, { events: [] }] })}>
            {t("conditions.addStep")}
          </Button>
        </div>
      )}
    </div>
  );
}
