import { Button, Card, Input, Popover, Select, Switch, Tabs } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ApiError } from "@/api/client";
import { PlusOutlined } from "@/components/icons";
import type { Experiment } from "../common/types";
import { Field } from "../edit/MetricEditor";
import { RuleCard } from "./RuleCard";
import { type Definition, type Environment, PRODUCTION, type Rule } from "./types";

interface Props {
  definition: Definition;
  names: string[];
  experiments: Experiment[];
  refused: ApiError | null;
  define: (change: Partial<Definition>) => void;
}

/** The rules of each environment, the first that applies first. */
export function EnvironmentsCard({ definition, names, experiments, refused, define }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(PRODUCTION);
  const set = (name: string, environment: Environment) => define({ environments: { ...definition.environments, [name]: environment } });
  return (
    <Card size="small" title={t("flags.environments")} extra={<AddEnvironment known={Object.keys(definition.environments)} onAdd={(name) => { set(name, { enabled: true, default: definition.off, rules: [] }); setOpen(name); }} />}>
      <div className="stack">
        <span style={{ fontSize: 13, opacity: 0.85 }}>{t("flags.rulesHint")}</span>
        <Tabs
          size="small"
          activeKey={open in definition.environments ? open : Object.keys(definition.environments)[0]}
          onChange={setOpen}
          items={Object.entries(definition.environments).map(([name, environment]) => ({
            key: name,
            label: name,
            children: <Rules name={name} environment={environment} names={names} experiments={experiments} refused={refused} onChange={(next) => set(name, next)} />,
          }))}
        />
      </div>
    </Card>
  );
}

interface RulesProps {
  name: string;
  environment: Environment;
  names: string[];
  experiments: Experiment[];
  refused: ApiError | null;
  onChange: (environment: Environment) => void;
}

function Rules({ name, environment, names, experiments, refused, onChange }: RulesProps) {
  const { t } = useTranslation();
  const { rules } = environment;
  const change = (next: Rule[]) => onChange({ ...environment, rules: next });
  const swap = (place: number, by: number) => {
    const [one, other] = [rules[place], rules[place + by]];
    if (one && other) change(rules.with(place, other).with(place + by, one));
  };
  return (
    <div className="stack">
      <label className="row">
        <Switch checked={environment.enabled} onChange={(enabled) => onChange({ ...environment, enabled })} /> {t("flags.enabled")}
      </label>
      {rules.map((rule, place) => (
        <RuleCard
          key={place}
          rule={rule}
          number={place + 1}
          last={place === rules.length - 1}
          names={names}
          experiments={experiments}
          refused={refused?.path?.startsWith(`definition.environments.${name}.rules[${place}]`) ? refused : null}
          onChange={(next) => change(rules.with(place, next))}
          onRemove={() => change(rules.toSpliced(place, 1))}
          onMove={(by) => swap(place, by)}
        />
      ))}
      {rules.length < 50 && (
        <div>
          <Button size="small" type="dashed" icon={<PlusOutlined />} onClick={() => change([...rules, { name: "", condition: null, serve: { kind: "always", variant: names.at(-1) ?? "" } }])}>
            {t("flags.addRule")}
          </Button>
        </div>
      )}
      <Field label={t("flags.default")}>{() => <Select aria-label={t("flags.default")} value={environment.default} style={{ width: 200 }} options={names.map((value) => ({ value, label: value }))} onChange={(chosen) => onChange({ ...environment, default: chosen })} />}</Field>
    </div>
  );
}

function AddEnvironment({ known, onAdd }: { known: string[]; onAdd: (name: string) => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [open, setOpen] = useState(false);
  const fits = /^[a-z][a-z0-9_-]{0,39}$/.test(name) && !known.includes(name);
  const content = (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        if (!fits) return;
        onAdd(name);
        setName("");
        setOpen(false);
      }}
    >
      <Input aria-label={t("flags.environmentName")} placeholder="staging" value={name} maxLength={40} status={name && !fits ? "error" : undefined} onChange={(event) => setName(event.target.value)} style={{ width: 180 }} />
      <Button type="primary" htmlType="submit" disabled={!fits}>
        {t("common.add")}
      </Button>
    </form>
  );
  return (
    <Popover open={open} onOpenChange={setOpen} trigger="click" content={content} placement="bottomRight">
      <Button size="small">{t("flags.addEnvironment")}</Button>
    </Popover>
  );
}
