import { Input, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { SelectorField } from "@/components/query/Fields";
import { PropertySelect } from "@/components/query/PropertySelect";
import { Labelled } from "../common/Labelled";
import { WindowFields } from "../conditions/WindowFields";
import { namesOf, numbersOf } from "./making";
import { AGGREGATES, OF_EVENTS, OF_TEXTS, type StatisticTag } from "./types";

interface Props {
  value: StatisticTag;
  onChange: (tag: StatisticTag) => void;
}

/** A figure of everyone's events in a window, in ranges if wanted. */
export function StatisticFields({ value, onChange }: Props) {
  const { t } = useTranslation();
  const ofProperty = !OF_EVENTS.includes(value.aggregate);
  const numeric = ofProperty && !OF_TEXTS.includes(value.aggregate) && value.aggregate !== "distinct";
  return (
    <div className="form-grid">
      <Labelled name={t("tagging.editor.event")}>
        <div className="grow">
          <SelectorField label={t("tagging.editor.event")} value={value.event} onChange={(event) => onChange({ ...value, event })} />
        </div>
      </Labelled>
      <Labelled name={t("tagging.editor.window")}>
        <WindowFields value={value.window} onChange={(window) => onChange({ ...value, window })} />
      </Labelled>
      <Labelled name={t("tagging.editor.aggregate")}>
        <Select
          aria-label={t("tagging.editor.aggregate")}
          value={value.aggregate}
          style={{ minWidth: 170 }}
          options={AGGREGATES.map((each) => ({ value: each, label: t(`tagging.editor.aggregates.${each}`) }))}
          onChange={(aggregate) => onChange({ ...value, aggregate, bins: OF_TEXTS.includes(aggregate) ? null : value.bins })}
        />
        {ofProperty && (
          <PropertySelect label={t("insights.property")} events={value.event.events} scopes={["event", "field"]} types={numeric ? ["number"] : undefined} value={value.property?.name ? value.property : null} onChange={(property) => onChange({ ...value, property })} />
        )}
      </Labelled>
      {!OF_TEXTS.includes(value.aggregate) && <BinFields value={value} onChange={onChange} />}
    </div>
  );
}

function BinFields({ value, onChange }: Props) {
  const { t } = useTranslation();
  const [bounds, setBounds] = useState(value.bins?.bounds.join(", ") ?? "");
  const [names, setNames] = useState(value.bins?.names?.join(", ") ?? "");
  const change = (typed: string, typedNames: string) => {
    setBounds(typed);
    setNames(typedNames);
    const numbers = numbersOf(typed);
    const named = namesOf(typedNames);
    onChange({ ...value, bins: numbers && { bounds: numbers, names: named.length === numbers.length + 1 ? named : null } });
  };
  const wrong = bounds.trim() !== "" && numbersOf(bounds) === null;
  const fewNames = names.trim() !== "" && value.bins != null && namesOf(names).length !== value.bins.bounds.length + 1;
  return (
    <Labelled name={t("tagging.editor.binned")} hint={`${t("tagging.editor.boundsHint")} · ${t("tagging.editor.binNamesHint")}`}>
      <Input aria-label={t("tagging.editor.bounds")} placeholder={t("tagging.editor.bounds")} status={wrong ? "error" : undefined} style={{ width: 180 }} value={bounds} onChange={(event) => change(event.target.value, names)} />
      <Input aria-label={t("tagging.editor.binNames")} placeholder={t("tagging.editor.binNames")} status={fewNames ? "error" : undefined} disabled={!value.bins} style={{ width: 220 }} value={names} onChange={(event) => change(bounds, event.target.value)} />
    </Labelled>
  );
}
