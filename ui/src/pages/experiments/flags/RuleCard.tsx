import { Button, Input, InputNumber, Radio, Select } from "antd";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";
import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined } from "@/components/icons";
import { ConditionBuilder, useReady } from "@/pages/audiences/conditions/ConditionBuilder";
import type { Condition } from "@/pages/audiences/conditions/types";
import { SharesBar } from "../common/Marks";
import type { Experiment } from "../common/types";
import { Field } from "../edit/MetricEditor";
import type { Rule, Serve } from "./types";

const NOBODY: Condition = { kind: "all", items: [] };
const SERVES = ["always", "rollout", "experiment"] as const;

interface Props {
  rule: Rule;
  number: number;
  last: boolean;
  names: string[];
  experiments: Experiment[];
  refused: ApiError | null;
  onChange: (rule: Rule) => void;
  onRemove: () => void;
  onMove: (by: number) => void;
}

/** One rule: for whom it is, and what it shows. */
export function RuleCard({ rule, number, last, names, experiments, refused, onChange, onRemove, onMove }: Props) {
  const { t } = useTranslation();
  const ready = useReady(rule.condition ?? NOBODY);
  const fault = refused && new ApiError(refused.status, refused.code, refused.message, (refused.path ?? "").replace(/^.*?\]\.condition/, "condition"), refused.hint);
  return (
    <div className="rule-card" role="group" aria-label={t("flags.rule", { count: number })}>
      <div className="row between">
        <span className="row">
          <span className="badge">{number}</span>
          <Input size="small" aria-label={`${t("flags.ruleName")} ${number}`} placeholder={t("flags.ruleName")} value={rule.name} maxLength={200} style={{ width: 220 }} onChange={(event) => onChange({ ...rule, name: event.target.value })} />
        </span>
        <span className="row" style={{ gap: 2 }}>
          <Button size="small" type="text" disabled={number === 1} icon={<ArrowUpOutlined />} aria-label={t("flags.up", { count: number })} onClick={() => onMove(-1)} />
          <Button size="small" type="text" disabled={last} icon={<ArrowDownOutlined />} aria-label={t("flags.down", { count: number })} onClick={() => onMove(1)} />
          <Button size="small" type="text" danger icon={<DeleteOutlined />} aria-label={t("flags.removeRule", { count: number })} onClick={onRemove} />
        </span>
      </div>
      <Radio.Group
        aria-label={`${t("flags.forWhom")} ${number}`}
        value={rule.condition ? "chosen" : "everyone"}
        options={(["everyone", "chosen"] as const).map((value) => ({ value, label: t(`flags.${value}`) }))}
        onChange={(event) => onChange({ ...rule, condition: event.target.value === "chosen" ? NOBODY : null })}
      />
      {rule.condition && <ConditionBuilder value={rule.condition} ready={ready} error={fault} onChange={(condition) => onChange({ ...rule, condition })} />}
      <ServeFields serve={rule.serve} number={number} names={names} experiments={experiments} onChange={(serve) => onChange({ ...rule, serve })} />
    </div>
  );
}

function ServeFields({ serve, number, names, experiments, onChange }: { serve: Serve; number: number; names: string[]; experiments: Experiment[]; onChange: (serve: Serve) => void }) {
  const { t } = useTranslation();
  const offered = experiments.filter((each) => each.plan.source.kind === "exposed");
  const choose = (kind: Serve["kind"]) => {
    if (kind === "always") onChange({ kind, variant: names.at(-1) ?? "" });
    else if (kind === "rollout") onChange({ kind, shares: [{ variant: names.at(-1) ?? "", percent: 10 }] });
    else onChange({ kind, experiment_id: offered[0]?.id ?? "" });
  };
  return (
    <div className="stack" style={{ gap: 8 }}>
      <div className="row">
        <span>{t("flags.serve")}</span>
        <Select aria-label={`${t("flags.serve")} ${number}`} value={serve.kind} style={{ width: 150 }} options={SERVES.map((value) => ({ value, label: t(`flags.serves.${value}`), disabled: value === "experiment" && !offered.length }))} onChange={choose} />
        {serve.kind === "always" && <Select aria-label={`${t("flags.variantKey")} · ${t("flags.rule", { count: number })}`} value={serve.variant} style={{ minWidth: 150 }} options={names.map((value) => ({ value, label: value }))} onChange={(variant) => onChange({ ...serve, variant })} />}
        {serve.kind === "experiment" &&
          (offered.length ? (
            <Select aria-label={t("flags.experiment")} value={serve.experiment_id || undefined} style={{ minWidth: 220 }} showSearch={{ optionFilterProp: "label" }} options={offered.map((each) => ({ value: each.id, label: `${each.name} (${t(`experiments.statuses.${each.status}`)})` }))} onChange={(experiment_id: string) => onChange({ ...serve, experiment_id })} />
          ) : (
            <span>{t("flags.noExperiments")}</span>
          ))}
      </div>
      {serve.kind === "rollout" && <Rollout serve={serve} names={names} onChange={onChange} />}
    </div>
  );
}

type Rolled = Extract<Serve, { kind: "rollout" }>;

function Rollout({ serve, names, onChange }: { serve: Rolled; names: string[]; onChange: (serve: Serve) => void }) {
  const { t } = useTranslation();
  const of = (name: string) => serve.shares.find((each) => each.variant === name)?.percent ?? 0;
  const set = (name: string, percent: number) => {
    const shares = names.map((variant) => ({ variant, percent: variant === name ? percent : of(variant) })).filter((each) => each.percent > 0);
    onChange({ ...serve, shares: shares.length ? shares : [{ variant: name, percent: 0.1 }] });
  };
  const rest = Math.max(0, Math.round((100 - serve.shares.reduce((sum, each) => sum + each.percent, 0)) * 100) / 100);
  const shares = Object.fromEntries([...names.map((name) => [name, of(name) / 100] as const), ["–", rest / 100] as const]);
  return (
    <div className="stack" style={{ gap: 8 }}>
      <SharesBar shares={shares} />
      <div className="metric-line">
        {names.map((name) => (
          <Field key={name} label={name}>
            {(id) => <InputNumber id={id} aria-label={t("flags.percent", { name })} min={0} max={100} suffix="%" style={{ width: 110 }} value={of(name)} onChange={(percent) => set(name, percent ?? 0)} />}
          </Field>
        ))}
      </div>
      {rest > 0 && <span style={{ fontSize: 13 }}>{t("flags.rest", { percent: rest })}</span>}
    </div>
  );
}
