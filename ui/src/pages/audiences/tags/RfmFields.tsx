import { Input, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { SelectorField } from "@/components/query/Fields";
import { PropertySelect } from "@/components/query/PropertySelect";
import { Labelled } from "../common/Labelled";
import { WindowFields } from "../conditions/WindowFields";
import { numbersOf } from "./making";
import type { Cuts, RfmTag } from "./types";

/** Which purchases count, and what divides the scores. */
export function RfmFields({ value, onChange }: { value: RfmTag; onChange: (tag: RfmTag) => void }) {
  const { t } = useTranslation();
  return (
    <div className="form-grid">
      <Labelled name={t("tagging.editor.event")}>
        <div className="grow">
          <SelectorField label={t("tagging.editor.event")} value={value.event} onChange={(event) => onChange({ ...value, event })} />
        </div>
      </Labelled>
      <Labelled name={t("tagging.editor.revenue")} hint={t("tagging.editor.revenueHint")}>
        <PropertySelect label={t("tagging.editor.revenue")} events={value.event.events} scopes={["event"]} types={["number"]} value={value.revenue} onClear={() => onChange({ ...value, revenue: null })} onChange={(revenue) => onChange({ ...value, revenue })} />
      </Labelled>
      <Labelled name={t("tagging.editor.window")}>
        <WindowFields value={value.window} onChange={(window) => onChange({ ...value, window })} />
      </Labelled>
      <Labelled name={`${t("tagging.editor.frequency")} · ${t("tagging.editor.monetary")}`}>
        <Select aria-label={t("tagging.editor.frequency")} value={value.frequency} popupMatchSelectWidth={false} options={(["count", "days"] as const).map((each) => ({ value: each, label: t(`tagging.editor.frequencies.${each}`) }))} onChange={(frequency) => onChange({ ...value, frequency })} />
        <Select aria-label={t("tagging.editor.monetary")} value={value.monetary} popupMatchSelectWidth={false} options={(["sum", "mean"] as const).map((each) => ({ value: each, label: t(`tagging.editor.monetaries.${each}`) }))} onChange={(monetary) => onChange({ ...value, monetary })} />
      </Labelled>
      {(["recency", "frequency", "monetary"] as const).map((figure) => (
        <CutsFields key={figure} name={t(`tagging.editor.cuts.${figure}`)} value={value[`${figure}_cuts`]} onChange={(cuts) => onChange({ ...value, [`${figure}_cuts`]: cuts })} />
      ))}
    </div>
  );
}

const KINDS = ["quantile", "mean", "fixed"] as const;

function CutsFields({ name, value, onChange }: { name: string; value: Cuts; onChange: (cuts: Cuts) => void }) {
  const { t } = useTranslation();
  const [typed, type] = useState(value.kind === "fixed" ? value.cuts.join(", ") : "");
  const fresh = (kind: Cuts["kind"]): Cuts => (kind === "quantile" ? { kind, scores: 5 } : kind === "mean" ? { kind } : { kind, cuts: numbersOf(typed) ?? [30] });
  return (
    <Labelled name={name}>
      <Select<Cuts["kind"]> aria-label={name} value={value.kind} popupMatchSelectWidth={false} options={KINDS.map((each) => ({ value: each, label: t(`tagging.editor.cutKinds.${each}`) }))} onChange={(kind) => onChange(fresh(kind))} />
      {value.kind === "quantile" && (
        <Select aria-label={`${name}: ${t("tagging.editor.scores", { count: value.scores })}`} value={value.scores} popupMatchSelectWidth={false} options={[2, 3, 4, 5].map((count) => ({ value: count, label: t("tagging.editor.scores", { count }) }))} onChange={(scores) => onChange({ ...value, scores })} />
      )}
      {value.kind === "fixed" && (
        <Input
          aria-label={`${name}: ${t("tagging.editor.fixedCuts")}`}
          placeholder={t("tagging.editor.fixedCuts")}
          status={typed && !numbersOf(typed) ? "error" : undefined}
          style={{ width: 180 }}
          value={typed || value.cuts.join(", ")}
          onChange={(event) => {
            type(event.target.value);
            const cuts = numbersOf(event.target.value);
            if (cuts) onChange({ ...value, cuts });
          }}
        />
      )}
    </Labelled>
  );
}
