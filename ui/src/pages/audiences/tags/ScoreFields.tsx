import { Button, Input, InputNumber, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DeleteOutlined, PlusOutlined } from "@/components/icons";
import { SelectorField } from "@/components/query/Fields";
import { useFigures } from "@/results/figures";
import { Labelled } from "../common/Labelled";
import { FigureField } from "../conditions/DidFields";
import { WindowFields } from "../conditions/WindowFields";
import { namesOf, numbersOf } from "./making";
import type { ScorePart, ScoreTag } from "./types";
import "../conditions/conditions.css";

interface Props {
  value: ScoreTag;
  onChange: (tag: ScoreTag) => void;
}

/** What counts for the activity score and how much, and its tiers. */
export function ScoreFields({ value, onChange }: Props) {
  const { t } = useTranslation();
  const { parts } = value;
  const total = parts.reduce((sum, part) => sum + part.weight, 0);
  return (
    <div className="stack" style={{ gap: 16 }}>
      <Labelled name={t("tagging.editor.window")}>
        <WindowFields value={value.window} onChange={(window) => onChange({ ...value, window })} />
      </Labelled>
      <strong>{t("tagging.editor.parts")}</strong>
      {parts.map((part, place) => (
        <PartFields
          key={place}
          value={part}
          share={part.weight / total}
          onChange={(next) => onChange({ ...value, parts: parts.with(place, next) })}
          onRemove={parts.length > 1 ? () => onChange({ ...value, parts: parts.toSpliced(place, 1) }) : undefined}
        />
      ))}
      {parts.length < 10 && (
        <div>
          <Button type="dashed" size="small" icon={<PlusOutlined />} onClick={() => onChange({ ...value, parts: [...parts, { name: "", event: { events: [] }, figure: { kind: "count" }, weight: 10, cap: { kind: "percentile", percent: 95 } }] })}>
            {t("tagging.editor.addPart")}
          </Button>
        </div>
      )}
      <TierFields value={value} onChange={onChange} />
    </div>
  );
}

function PartFields({ value, share, onChange, onRemove }: { value: ScorePart; share: number; onChange: (part: ScorePart) => void; onRemove?: () => void }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { cap } = value;
  return (
    <div className="condition-card" role="group" aria-label={value.name || t("tagging.editor.part")}>
      <div className="condition-line">
        <Input aria-label={t("tagging.editor.part")} placeholder={t("tagging.editor.part")} maxLength={100} style={{ width: 150 }} value={value.name} onChange={(event) => onChange({ ...value, name: event.target.value })} />
        <span>{t("tagging.editor.weight")}</span>
        <InputNumber aria-label={t("tagging.editor.weight")} min={0.1} value={value.weight} style={{ width: 80 }} onChange={(weight) => onChange({ ...value, weight: weight ?? 1 })} />
        <strong className="figure">{t("tagging.editor.points", { points: figures.number(Math.round(share * 1000) / 10) })}</strong>
        <span style={{ marginInlineStart: 12 }}>{t("tagging.editor.cap")}</span>
        <Select
          aria-label={t("tagging.editor.cap")}
          value={cap.kind}
          popupMatchSelectWidth={false}
          options={(["percentile", "fixed"] as const).map((each) => ({ value: each, label: t(`tagging.editor.capKinds.${each}`) }))}
          onChange={(kind) => onChange({ ...value, cap: kind === "fixed" ? { kind, value: 10 } : { kind, percent: 95 } })}
        />
        {cap.kind === "fixed" ? (
          <InputNumber aria-label={t("tagging.editor.capKinds.fixed")} min={0.0001} value={cap.value} style={{ width: 90 }} onChange={(next) => onChange({ ...value, cap: { ...cap, value: next ?? 1 } })} />
        ) : (
          <InputNumber aria-label={t("tagging.editor.capKinds.percentile")} min={1} max={100} suffix="%" value={cap.percent} style={{ width: 90 }} onChange={(percent) => onChange({ ...value, cap: { ...cap, percent: percent ?? 95 } })} />
        )}
        {onRemove && <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={`${t("common.remove")}: ${value.name}`} onClick={onRemove} />}
      </div>
      <div className="condition-line">
        <div className="grow" style={{ minWidth: 240 }}>
          <SelectorField label={t("tagging.editor.event")} value={value.event} onChange={(event) => onChange({ ...value, event })} />
        </div>
        <FigureField value={value.figure} events={value.event.events} onChange={(figure) => onChange({ ...value, figure })} />
      </div>
    </div>
  );
}

function TierFields({ value, onChange }: Props) {
  const { t } = useTranslation();
  const [cuts, setCuts] = useState(value.tiers.cuts.join(", "));
  const [names, setNames] = useState(value.tiers.names.join(", "));
  const change = (typedCuts: string, typedNames: string) => {
    setCuts(typedCuts);
    setNames(typedNames);
    const numbers = numbersOf(typedCuts);
    const named = namesOf(typedNames);
    if (numbers && named.length === numbers.length + 1) onChange({ ...value, tiers: { cuts: numbers, names: named } });
  };
  const fit = namesOf(names).length === (numbersOf(cuts)?.length ?? 0) + 1;
  return (
    <Labelled name={t("tagging.editor.tiers")} hint={t("tagging.editor.binNamesHint")}>
      <Input aria-label={t("tagging.editor.tierCuts")} style={{ width: 160 }} status={numbersOf(cuts) ? undefined : "error"} value={cuts} onChange={(event) => change(event.target.value, names)} />
      <Input aria-label={t("tagging.editor.tierNames")} style={{ width: 280 }} status={fit ? undefined : "error"} value={names} onChange={(event) => change(cuts, event.target.value)} />
    </Labelled>
  );
}
