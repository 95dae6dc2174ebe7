import { PlusOutlined } from "@/components/icons";
import { Button, Checkbox, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { BreakdownsField, Choice, IntervalChoice, Section, SelectorField } from "@/components/query/Fields";
import { PropertySelect } from "@/components/query/PropertySelect";
import { eventsOf } from "@/query/starting";
import type { FunnelQuery, FunnelStep } from "@/query/types";
import type { FormProps } from "./forms";

const MOST_STEPS = 20;
const UNITS = ["second", "minute", "hour", "day", "week", "month"] as const;
const TOUCHES = ["first", "last", "step", "every"] as const;

export function FunnelForm({ query, onChange, plain = false }: FormProps<FunnelQuery> & { plain?: boolean }) {
  const { t } = useTranslation();
  const set = (changes: Partial<FunnelQuery>) => onChange({ ...query, ...changes });
  const events = eventsOf(query);
  return (
    <>
      <Steps query={query} set={set} />
      <Section title={t("insights.rules")}>
        <Choice label={t("insights.order")} value={query.order ?? "ordered"} onChange={(order) => set({ order })} options={(["ordered", "strict", "unordered"] as const).map((value) => ({ value, label: t(`insights.orders.${value}`) }))} />
        <Choice label={t("insights.windowFrom")} value={query.window_from ?? "first_step"} onChange={(window_from) => set({ window_from })} options={(["first_step", "previous_step", "session"] as const).map((value) => ({ value, label: t(`insights.windowsFrom.${value}`) }))} />
        {query.window_from !== "session" && (
          <div className="row between">
            <span>{t("insights.window")}</span>
            <span className="row" style={{ gap: 4 }}>
              <InputNumber aria-label={t("insights.window")} min={1} style={{ width: 70 }} value={query.window?.count ?? 14} onChange={(count) => set({ window: { unit: query.window?.unit ?? "day", count: count ?? 1 } })} />
              <Select aria-label={t("insights.unit")} style={{ width: 84 }} value={query.window?.unit ?? "day"} options={UNITS.map((unit) => ({ value: unit as string, label: t(`insights.units.${unit}`) }))} onChange={(unit) => set({ window: { count: query.window?.count ?? 14, unit } })} />
            </span>
          </div>
        )}
        {!plain && (
          <div className="row between" style={{ flexWrap: "nowrap" }}>
            <span style={{ whiteSpace: "nowrap" }}>{t("insights.hold")}</span>
            <PropertySelect label={t("insights.hold")} value={query.hold} events={events} placeholder={t("common.none")} onChange={(hold) => set({ hold })} onClear={() => set({ hold: null })} />
          </div>
        )}
      </Section>
      {(query.order ?? "ordered") === "ordered" && <Exclusions query={query} set={set} />}
      {!plain && (
        <>
          <BreakdownsField most={1} events={events} value={query.breakdown ? [query.breakdown] : []} onChange={([breakdown]) => set({ breakdown: breakdown ? { ...touchOf(query.breakdown), ...breakdown } : null })} />
          {query.breakdown && (
            <Choice label={t("insights.touch")} value={query.breakdown.touch ?? "first"} onChange={(touch) => query.breakdown && set({ breakdown: { ...query.breakdown, touch, step: touch === "step" ? 1 : null } })} options={TOUCHES.map((value) => ({ value: value as string, label: t(`insights.touches.${value}`) }))} />
          )}
          <Section title={t("insights.also")}>
            <Checkbox checked={Boolean(query.conversion_time)} onChange={(event) => set({ conversion_time: event.target.checked ? {} : null, over_time: null })}>
              {t("insights.conversionTime")}
            </Checkbox>
            <Checkbox checked={Boolean(query.over_time)} onChange={(event) => set({ over_time: event.target.checked ? "day" : null, conversion_time: null })}>
              {t("insights.overTime")}
            </Checkbox>
            {query.over_time && <IntervalChoice value={query.over_time} offered={["hour", "day", "week", "month"]} onChange={(over_time) => set({ over_time })} />}
          </Section>
        </>
      )}
    </>
  );
}

type Part = { query: FunnelQuery; set: (changes: Partial<FunnelQuery>) => void };

function Steps({ query, set }: Part) {
  const { t } = useTranslation();
  const replace = (place: number, next: FunnelStep | null) => set({ steps: query.steps.flatMap((each, at) => (at === place ? (next ? [next] : []) : [each])) });
  return (
    <Section title={t("insights.steps")}>
      {query.steps.map((step, place) => (
        <SelectorField
          key={place}
          badge={String(place + 1)}
          label={`${t("insights.step")} ${place + 1}`}
          value={step.selector}
          onChange={(selector) => replace(place, { ...step, selector })}
          onRemove={query.steps.length > 2 ? () => replace(place, null) : undefined}
        >
          {place > 0 && (query.order ?? "ordered") === "ordered" && query.steps.length > 2 && (
            <Checkbox checked={step.optional ?? false} onChange={(event) => replace(place, { ...step, optional: event.target.checked })}>
              {t("insights.optional")}
            </Checkbox>
          )}
        </SelectorField>
      ))}
      <Button size="small" type="dashed" icon={<PlusOutlined />} style={{ alignSelf: "flex-start" }} disabled={query.steps.length >= MOST_STEPS} onClick={() => set({ steps: [...query.steps, { selector: {} }] })}>
        {t("insights.addStep")}
      </Button>
    </Section>
  );
}

function Exclusions({ query, set }: Part) {
  const { t } = useTranslation();
  const exclusions = query.exclusions ?? [];
  return (
    <Section title={t("insights.exclusions")}>
      {exclusions.map((exclusion, place) => (
        <SelectorField
          key={place}
          label={t("insights.exclusions")}
          value={exclusion.selector}
          onChange={(selector) => set({ exclusions: exclusions.map((each, at) => (at === place ? { ...each, selector } : each)) })}
          onRemove={() => set({ exclusions: exclusions.filter((_, at) => at !== place) })}
        >
          <Select
            aria-label={t("insights.between")}
            value={exclusion.after_step ?? 1}
            style={{ width: "100%" }}
            options={query.steps.slice(1).map((_, at) => ({ value: at + 1, label: t("insights.betweenSteps", { from: at + 1, to: at + 2 }) }))}
            onChange={(after_step) => set({ exclusions: exclusions.map((each, at) => (at === place ? { ...each, after_step } : each)) })}
          />
        </SelectorField>
      ))}
      <Button size="small" type="dashed" icon={<PlusOutlined />} style={{ alignSelf: "flex-start" }} onClick={() => set({ exclusions: [...exclusions, { selector: {}, after_step: 1 }] })}>
        {t("insights.addExclusion")}
      </Button>
    </Section>
  );
}

/** Whose event a breakdown's value is taken from: what was chosen; for a new one the first step's, which every chain has. */
function touchOf(breakdown: FunnelQuery["breakdown"]) {
  return breakdown ? { touch: breakdown.touch ?? "first", step: breakdown.step ?? null } : { touch: "step", step: 1 };
}
