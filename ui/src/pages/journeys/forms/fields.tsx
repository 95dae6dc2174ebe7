import { Button, Input, InputNumber, Select } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Labelled } from "@/pages/audiences/common/Labelled";
import type { Condition, SpanUnit } from "@/pages/audiences/conditions/types";
import type { Named } from "../common/queries";
import type { Definition, Span, Target } from "../common/types";
import { useSummary } from "../common/useSummary";
import { inOrder } from "../editor/graph";
import { ConditionDialog } from "./ConditionDialog";

const UNITS: readonly SpanUnit[] = ["minute", "hour", "day", "week"];

/** A length of time. */
export function SpanField({ label, value, onChange, hint }: { label: string; value: Span | null | undefined; onChange: (span: Span) => void; hint?: ReactNode }) {
  const { t } = useTranslation();
  const held = value ?? { count: 1, unit: "day" as const };
  return (
    <Labelled name={label} hint={hint}>
      <InputNumber aria-label={label} min={1} max={100_000} precision={0} style={{ width: 96 }} value={value?.count} onChange={(count) => onChange({ ...held, count: count ?? 1 })} />
      <Select<SpanUnit> aria-label={t("journeys.form.unit", { name: label })} style={{ width: 110 }} value={held.unit ?? "day"} options={UNITS.map((unit) => ({ value: unit, label: t(`conditions.units.${unit}`, { count: held.count }).trim() }))} onChange={(unit) => onChange({ ...held, unit })} />
    </Labelled>
  );
}

interface PickProps {
  label: string;
  value: string | null | undefined;
  options: readonly Named[];
  onChange: (id: string | undefined) => void;
  hint?: ReactNode;
  empty?: string;
  clearable?: boolean;
}

/** One of the things that have names; one that is gone is shown by its id. */
export function Pick({ label, value, options, onChange, hint, empty, clearable = false }: PickProps) {
  const extra = value && !options.some((each) => each.id === value) ? [{ value, label: value }] : [];
  return (
    <Labelled name={label} hint={hint}>
      <Select
        aria-label={label}
        style={{ width: "100%" }}
        value={value || undefined}
        allowClear={clearable}
        showSearch={{ optionFilterProp: "label" }}
        notFoundContent={empty}
        placeholder={empty && !options.length ? empty : undefined}
        options={[...options.map((each) => ({ value: each.id, label: each.name })), ...extra]}
        onChange={(id?: string) => onChange(id)}
      />
    </Labelled>
  );
}

/** A line of text with its name. */
export function Words({ label, value, onChange, hint, most = 200, placeholder }: { label: string; value: string | null | undefined; onChange: (text: string) => void; hint?: ReactNode; most?: number; placeholder?: string }) {
  return (
    <Labelled name={label} hint={hint}>
      <Input aria-label={label} maxLength={most} placeholder={placeholder} value={value ?? ""} onChange={(event) => onChange(event.target.value)} />
    </Labelled>
  );
}

/** Where a way leads: another node, or out. */
export function TargetField({ definition, own, label, value, onChange }: { definition: Definition; own: string; label: string; value: Target; onChange: (target: Target) => void }) {
  const { t } = useTranslation();
  const words = useSummary();
  const options = inOrder(definition)
    .filter((id) => id !== own)
    .map((id) => ({ value: id, label: `${words.title(definition, id)} (${id})` }));
  return (
    <Labelled name={label}>
      <Select aria-label={label} style={{ width: "100%" }} value={value ?? ""} showSearch={{ optionFilterProp: "label" }} options={[{ value: "", label: t("journeys.form.out") }, ...options]} onChange={(id: string) => onChange(id || null)} />
    </Labelled>
  );
}

/** A condition in words, written in a dialog. */
export function ConditionField({ label, value, onChange, clearable = false }: { label: string; value: Condition | null | undefined; onChange: (condition: Condition | null) => void; clearable?: boolean }) {
  const { t } = useTranslation();
  const words = useSummary();
  const [open, setOpen] = useState(false);
  return (
    <Labelled name={label}>
      <div className="stack" style={{ gap: 6, width: "100%" }}>
        <span style={{ lineHeight: 1.55 }}>{value ? words.condition(value) : t("journeys.form.noCondition")}</span>
        <div className="row">
          <Button size="small" onClick={() => setOpen(true)} aria-label={`${t("journeys.form.editCondition")}: ${label}`}>
            {t("journeys.form.editCondition")}
          </Button>
          {clearable && value && (
            <Button size="small" type="text" onClick={() => onChange(null)}>
              {t("common.remove")}
            </Button>
          )}
        </div>
      </div>
      {open && (
        <ConditionDialog
          title={label}
          value={value}
          close={() => setOpen(false)}
          onChange={(condition) => {
            onChange(condition);
            setOpen(false);
          }}
        />
      )}
    </Labelled>
  );
}

/** A whole number with its name. */
export function NumberField({ label, value, onChange, hint, most = 1_000_000 }: { label: string; value: number | null | undefined; onChange: (value: number | null) => void; hint?: string; most?: number }) {
  return (
    <Labelled name={label} hint={hint}>
      <InputNumber aria-label={label} min={1} max={most} precision={0} style={{ width: 140 }} value={value ?? null} onChange={onChange} />
    </Labelled>
  );
}
