import { Button, Card, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";
import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from "@/components/icons";
import { useFigures } from "@/results/figures";
import { ConditionBuilder, elsewhere, useReady } from "../conditions/ConditionBuilder";
import { sentenceOf } from "../conditions/sentence";
import { useEstimate } from "../conditions/useEstimate";
import { useWords } from "../conditions/useWords";
import { Failure } from "@/components/Failure";
import type { RuleTag } from "./types";

interface Props {
  value: RuleTag;
  onChange: (rule: RuleTag) => void;
  tried: boolean;
  error: unknown;
}

type Case = RuleTag["cases"][number];

/** Values with their conditions, in order; the first whose conditions hold is the value. */
export function RuleFields({ value, onChange, tried, error }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(0);
  const { cases } = value;
  const change = (next: Case[]) => onChange({ ...value, cases: next });
  const move = (place: number, by: number) => {
    const moved = cases[place];
    if (!moved) return;
    change(cases.toSpliced(place, 1).toSpliced(place + by, 0, moved));
    setOpen(place + by);
  };
  return (
    <div className="stack">
      <strong>{t("tagging.editor.cases")}</strong>
      {cases.map((each, place) => (
        <CaseCard
          key={place}
          value={each}
          place={place}
          many={cases.length}
          open={open === place}
          tried={tried}
          error={faultIn(error, place)}
          onOpen={() => setOpen(open === place ? -1 : place)}
          onChange={(next) => change(cases.with(place, next))}
          onMove={(by) => move(place, by)}
          onRemove={() => change(cases.toSpliced(place, 1))}
        />
      ))}
      <div>
        <Button
          type="dashed"
          icon={<PlusOutlined />}
          onClick={() => {
            change([...cases, { value: "", condition: { kind: "all", items: [] } }]);
            setOpen(cases.length);
          }}
        >
          {t("tagging.editor.addCase")}
        </Button>
      </div>
      <Card size="small">
        <label className="row">
          <span className="badge">∗</span>
          <span>{t("tagging.editor.otherwise")}</span>
          <Input style={{ width: 240 }} maxLength={200} placeholder={t("tagging.editor.otherwiseHint")} value={value.otherwise ?? ""} onChange={(event) => onChange({ ...value, otherwise: event.target.value })} />
        </label>
      </Card>
    </div>
  );
}

/** A fault of one case, with its place as if the condition stood alone. */
function faultIn(error: unknown, place: number): unknown {
  if (!(error instanceof ApiError) || !error.path) return null;
  const begin = new RegExp(`^definition(?:\\.rule)?\\.cases\\[${place}\\]\\.(?=condition)`);
  return begin.test(error.path) ? new ApiError(error.status, error.code, error.message, error.path.replace(begin, ""), error.hint) : null;
}

interface CaseProps {
  value: Case;
  place: number;
  many: number;
  open: boolean;
  tried: boolean;
  error: unknown;
  onOpen: () => void;
  onChange: (value: Case) => void;
  onMove: (by: number) => void;
  onRemove: () => void;
}

function CaseCard({ value, place, many, open, tried, error, onOpen, onChange, onMove, onRemove }: CaseProps) {
  const { t } = useTranslation();
  const figures = useFigures();
  const words = useWords();
  const ready = useReady(value.condition);
  const estimated = useEstimate(open ? ready.condition : null);
  const fault = estimated.error ?? error;
  const name = t("tagging.editor.caseNumber", { count: place + 1 });
  const nameless = tried && !value.value.trim();
  return (
    <Card
      size="small"
      role="group"
      aria-label={name}
      title={
        <span className="row" style={{ flexWrap: "nowrap" }}>
          <span className="badge">{place + 1}</span>
          <Input aria-label={`${t("tagging.editor.value")} ${place + 1}`} placeholder={t("tagging.editor.value")} status={nameless ? "error" : undefined} maxLength={200} style={{ maxWidth: 280 }} value={value.value} onChange={(event) => onChange({ ...value, value: event.target.value })} />
        </span>
      }
      extra={
        <span className="row" style={{ flexWrap: "nowrap", gap: 2 }}>
          <Button size="small" type="text" disabled={place === 0} icon={<ArrowUpOutlined />} aria-label={t("tagging.editor.caseUp", { name })} onClick={() => onMove(-1)} />
          <Button size="small" type="text" disabled={place === many - 1} icon={<ArrowDownOutlined />} aria-label={t("tagging.editor.caseDown", { name })} onClick={() => onMove(1)} />
          <Button size="small" type="text" disabled={many === 1} icon={<DeleteOutlined />} aria-label={t("tagging.editor.caseRemove", { name })} onClick={onRemove} />
          <Button size="small" onClick={onOpen} aria-expanded={open} aria-label={`${t(open ? "common.close" : "common.edit")}: ${name}`}>
            {t(open ? "common.close" : "common.edit")}
          </Button>
        </span>
      }
    >
      {open ? (
        <div className="stack">
          <ConditionBuilder value={value.condition} ready={ready} error={fault} onChange={(condition) => onChange({ ...value, condition })} />
          {elsewhere(fault, ready) ? <Failure error={fault} small /> : null}
          {estimated.estimate && (
            <span className="figure" aria-live="polite">
              {t("tagging.editor.sizeAlone", { count: figures.number(estimated.estimate.people) as never })}
            </span>
          )}
        </div>
      ) : (
        <span className={tried && (!ready.condition || ready.unfinished.length) ? "fault-text" : undefined}>{ready.condition ? sentenceOf(ready.condition, words) : t("conditions.empty")}</span>
      )}
    </Card>
  );
}
