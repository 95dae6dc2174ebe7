import { Button, Input, InputNumber, Select, Switch } from "antd";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { SelectorField } from "@/components/query/Fields";
import { PropertySelect } from "@/components/query/PropertySelect";
import { DeleteOutlined, PlusOutlined } from "@/components/icons";
import { type Figure, type Measure, MEASURES, type Metric, ROLES, type Span } from "../common/types";
import { measureOf } from "./making";

interface Props {
  metric: Metric;
  onChange: (metric: Metric) => void;
  onRemove?: () => void;
  /** Said of what is missing, once somebody tried to save. */
  fault?: string;
}

/** One metric: its part in the decision, what is measured of each person, and for how long. */
export function MetricEditor({ metric, onChange, onRemove, fault }: Props) {
  const { t } = useTranslation();
  const { measure } = metric;
  return (
    <div className="metric-editor" role="group" aria-label={metric.name || metric.key}>
      <div className="metric-line">
        <Field label={t("experiments.form.metricName")} grow>
          {(id) => <Input id={id} value={metric.name} maxLength={200} status={fault ? "error" : undefined} onChange={(event) => onChange({ ...metric, name: event.target.value })} />}
        </Field>
        <Field label={t("experiments.form.role")}>{() => <Select aria-label={t("experiments.form.role")} value={metric.role} style={{ width: 110 }} options={ROLES.map((value) => ({ value, label: t(`experiments.form.roles.${value}`) }))} onChange={(role) => onChange({ ...metric, role })} />}</Field>
        <Field label={t("experiments.form.better")}>
          {() => <Select aria-label={t("experiments.form.better")} value={metric.better} style={{ width: 150 }} options={(["higher", "lower"] as const).map((value) => ({ value, label: t(`experiments.form.betters.${value}`) }))} onChange={(better) => onChange({ ...metric, better })} />}
        </Field>
        <Field label={t("experiments.form.kind")}>
          {() => <Select aria-label={t("experiments.form.kind")} value={measure.kind} style={{ width: 160 }} options={MEASURES.map((value) => ({ value, label: t(`experiments.form.kinds.${value}`) }))} onChange={(kind) => onChange({ ...metric, measure: measureOf(kind, measure) })} />}
        </Field>
        {onRemove && <Button type="text" danger icon={<DeleteOutlined />} aria-label={t("experiments.form.removeMetric", { name: metric.name })} onClick={onRemove} />}
      </div>
      <MeasureFields measure={measure} onChange={(next) => onChange({ ...metric, measure: next })} />
      <div className="metric-line">
        {measure.kind !== "retention" && (
          <Field label={t("experiments.form.window")} hint={t("experiments.form.windowHint")}>
            {() => <SpanField label={t("experiments.form.window")} value={metric.window} none={t("experiments.form.untilStopped")} onChange={(window) => onChange({ ...metric, window })} />}
          </Field>
        )}
        {metric.role === "guard_rail" && (
          <Field label={t("experiments.form.margin")}>{(id) => <InputNumber id={id} min={0} max={100} step={0.5} suffix="%" style={{ width: 110 }} value={Math.round(metric.margin * 1e4) / 100} onChange={(percent) => onChange({ ...metric, margin: (percent ?? 0) / 100 })} />}</Field>
        )}
      </div>
      {fault && (
        <span role="alert" className="fault-text">
          {fault}
        </span>
      )}
    </div>
  );
}

/** A named field above which its name is; what is inside gets the id of the label. */
export function Field({ label, hint, grow, children }: { label: string; hint?: string; grow?: boolean; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="labelled-field" style={grow ? { flex: "1 1 180px" } : undefined}>
      <label htmlFor={id} style={{ fontSize: 13 }}>
        {label}
      </label>
      {children(id)}
      {hint && <span style={{ fontSize: 12.5, opacity: 0.85, maxWidth: 420 }}>{hint}</span>}
    </div>
  );
}

function MeasureFields({ measure, onChange }: { measure: Measure; onChange: (measure: Measure) => void }) {
  const { t } = useTranslation();
  switch (measure.kind) {
    case "proportion":
      return (
        <>
          <SelectorField label={t("experiments.form.event")} value={measure.event} onChange={(event) => onChange({ ...measure, event })} />
          <div className="metric-line">
            <Field label={t("experiments.form.times")}>{(id) => <InputNumber id={id} min={1} max={10_000} precision={0} value={measure.times ?? 1} onChange={(times) => onChange({ ...measure, times: times ?? 1 })} />}</Field>
          </div>
        </>
      );
    case "mean":
      return (
        <>
          <FigureFields figure={measure.figure} label={t("experiments.form.event")} onChange={(figure) => onChange({ ...measure, figure })} />
          <CapFields measure={measure} onChange={onChange} />
        </>
      );
    case "ratio":
      return (
        <>
          <FigureFields figure={measure.numerator} label={t("experiments.form.numerator")} onChange={(numerator) => onChange({ ...measure, numerator })} />
          <FigureFields figure={measure.denominator} label={t("experiments.form.denominator")} onChange={(denominator) => onChange({ ...measure, denominator })} />
        </>
      );
    case "retention":
      return (
        <>
          <SelectorField label={t("experiments.form.event")} value={measure.event} onChange={(event) => onChange({ ...measure, event })} />
          <div className="metric-line">
            <Field label={t("experiments.form.day")}>{(id) => <InputNumber id={id} min={0} max={1000} precision={0} value={measure.day} onChange={(day) => onChange({ ...measure, day: day ?? 0 })} />}</Field>
            <Field label={t("experiments.form.days")}>{(id) => <InputNumber id={id} min={1} max={400} precision={0} value={measure.days} onChange={(days) => onChange({ ...measure, days: days ?? 1 })} />}</Field>
          </div>
        </>
      );
    case "funnel":
      return <FunnelFields measure={measure} onChange={onChange} />;
    case "quantile":
      return (
        <>
          <FigureFields figure={measure.figure} label={t("experiments.form.event")} onChange={(figure) => onChange({ ...measure, figure })} />
          <div className="metric-line">
            <Field label={t("experiments.form.percentile")}>{(id) => <InputNumber id={id} min={1} max={99} value={measure.percentile} onChange={(percentile) => onChange({ ...measure, percentile: percentile ?? 50 })} />}</Field>
            <Field label={t("experiments.form.aboveZero")}>{(id) => <Switch id={id} checked={measure.only_above_zero} onChange={(only_above_zero) => onChange({ ...measure, only_above_zero })} />}</Field>
          </div>
        </>
      );
  }
}

function FigureFields({ figure, label, onChange }: { figure: Figure; label: string; onChange: (figure: Figure) => void }) {
  const { t } = useTranslation();
  return (
    <SelectorField label={label} badge={label.slice(0, 1)} value={figure.event} onChange={(event) => onChange({ ...figure, event })}>
      <PropertySelect
        label={`${label}: ${t("experiments.form.property")}`}
        placeholder={t("experiments.form.property")}
        value={figure.property}
        events={figure.event.events}
        scopes={["event"]}
        types={["number"]}
        onClear={() => onChange({ ...figure, property: null })}
        onChange={(property) => onChange({ ...figure, property })}
      />
    </SelectorField>
  );
}

type Mean = Extract<Measure, { kind: "mean" }>;

function CapFields({ measure, onChange }: { measure: Mean; onChange: (measure: Measure) => void }) {
  const { t } = useTranslation();
  const chosen = measure.cap != null ? "value" : measure.cap_percentile != null ? "percentile" : "none";
  const set = (how: "none" | "value" | "percentile") => onChange({ ...measure, cap: how === "value" ? 1000 : null, cap_percentile: how === "percentile" ? 99 : null });
  return (
    <div className="metric-line">
      <Field label={t("experiments.form.cap")}>
        {() => <Select aria-label={t("experiments.form.cap")} value={chosen} style={{ width: 160 }} options={(["none", "percentile", "value"] as const).map((value) => ({ value, label: t(`experiments.form.caps.${value}`) }))} onChange={set} />}
      </Field>
      {chosen === "value" && <Field label={t("experiments.form.capValue")}>{(id) => <InputNumber id={id} min={0.01} value={measure.cap} onChange={(cap) => onChange({ ...measure, cap: cap ?? 1 })} />}</Field>}
      {chosen === "percentile" && <Field label={t("experiments.form.capPercentile")}>{(id) => <InputNumber id={id} min={50} max={99.9} value={measure.cap_percentile} onChange={(cap_percentile) => onChange({ ...measure, cap_percentile: cap_percentile ?? 99 })} />}</Field>}
    </div>
  );
}

type Funnel = Extract<Measure, { kind: "funnel" }>;

function FunnelFields({ measure, onChange }: { measure: Funnel; onChange: (measure: Measure) => void }) {
  const { t } = useTranslation();
  const steps = measure.steps;
  return (
    <>
      {steps.map((step, place) => (
        <SelectorField
          key={place}
          badge={String(place + 1)}
          label={t("experiments.form.step", { count: place + 1 })}
          value={step}
          onChange={(next) => onChange({ ...measure, steps: steps.with(place, next) })}
          onRemove={steps.length > 2 ? () => onChange({ ...measure, steps: steps.toSpliced(place, 1) }) : undefined}
        />
      ))}
      <div className="metric-line">
        {steps.length < 10 && (
          <Button size="small" type="dashed" icon={<PlusOutlined />} onClick={() => onChange({ ...measure, steps: [...steps, { events: [] }] })}>
            {t("experiments.form.addStep")}
          </Button>
        )}
        <Field label={t("experiments.form.within")}>{() => <SpanField label={t("experiments.form.within")} value={measure.within} none={t("common.none")} onChange={(within) => onChange({ ...measure, within })} />}</Field>
      </div>
    </>
  );
}

const UNITS = ["minute", "hour", "day", "week"] as const;

/** A length of time, or none. */
export function SpanField({ value, onChange, none, label }: { value: Span | null | undefined; onChange: (span: Span | null) => void; none: string; label: string }) {
  const { t } = useTranslation();
  return (
    <span className="row" style={{ gap: 4, flexWrap: "nowrap" }}>
      {value && <InputNumber aria-label={label} min={1} max={1000} precision={0} style={{ width: 80 }} value={value.count} onChange={(count) => onChange({ ...value, count: count ?? 1 })} />}
      <Select
        aria-label={`${label} · ${t("insights.unit")}`}
        value={value?.unit ?? "none"}
        popupMatchSelectWidth={false}
        style={{ minWidth: 96 }}
        options={[{ value: "none", label: none }, ...UNITS.map((unit) => ({ value: unit as string, label: t(`experiments.form.units.${unit}`) }))]}
        onChange={(unit) => onChange(unit === "none" ? null : { count: value?.count ?? 7, unit: unit as Span["unit"] })}
      />
    </span>
  );
}
