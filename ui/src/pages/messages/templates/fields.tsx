import { Button, Form, Input } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { DeleteOutlined, PlusOutlined } from "@/components/icons";
import { CodeEditor } from "../common/CodeEditor";
import type { Content, Problem } from "../common/types";

export interface FieldsProps {
  content: Content;
  /** Null: it is only looked at. */
  change: ((content: Content) => void) | null;
  /** Those of this variant and language. */
  problems: readonly Problem[];
  words: (problem: Problem) => string;
}

interface FieldProps extends FieldsProps {
  name: string;
  label: string;
  hint?: ReactNode;
}

function textOf(content: Content, name: string): string {
  const value = content[name];
  return typeof value === "string" ? value : "";
}

function ofField(problems: readonly Problem[], name: string): Problem[] {
  return problems.filter((each) => each.field === name || each.field.startsWith(`${name}.`));
}

/** One line of Liquid. */
export function LineField({ content, change, problems, words, name, label, hint }: FieldProps) {
  const mine = ofField(problems, name);
  const severe = mine.find((each) => each.severity === "error");
  const id = `field-${name}`;
  return (
    <Form.Item label={label} htmlFor={id} validateStatus={severe ? "error" : mine.length ? "warning" : undefined} help={mine[0] ? words(mine[0]) : undefined} extra={hint}>
      <Input id={id} data-liquid={name} maxLength={2000} readOnly={!change} value={textOf(content, name)} onChange={(event) => change?.({ ...content, [name]: event.target.value })} />
    </Form.Item>
  );
}

/** Several lines of Liquid, with numbers. */
export function SourceField({ content, change, problems, words, name, label, hint, markup = false, lines, placeholder }: FieldProps & { markup?: boolean; lines?: [number, number]; placeholder?: string }) {
  const id = `field-${name}`;
  return (
    <Form.Item label={label} htmlFor={id} extra={hint}>
      <CodeEditor
        id={id}
        label={label}
        markup={markup}
        lines={lines}
        placeholder={placeholder}
        value={textOf(content, name)}
        problems={ofField(problems, name)}
        words={words}
        onChange={change ? (text) => change({ ...content, [name]: text }) : undefined}
      />
    </Form.Item>
  );
}

/** Names with values, in order. */
export function PairsField({ content, change, name, label, hint, add }: FieldProps & { add: string }) {
  const { t } = useTranslation();
  const pairs = Object.entries((content[name] ?? {}) as Record<string, string>);
  const put = (next: [string, string][]) => change?.({ ...content, [name]: Object.fromEntries(next) });
  const free = () => {
    let number = pairs.length + 1;
    while (pairs.some(([key]) => key === `p${number}`)) number++;
    return `p${number}`;
  };
  return (
    <Form.Item label={label} extra={hint}>
      <div className="stack" style={{ gap: 6 }}>
        {pairs.map(([key, value], place) => (
          <div key={place} className="row" style={{ flexWrap: "nowrap" }}>
            <Input style={{ width: 140 }} aria-label={`${t("templates.edit.parameterName")} ${place + 1}`} value={key} readOnly={!change} onChange={(event) => put(pairs.map((each, at) => (at === place ? [event.target.value, each[1]] : each)))} />
            <Input data-liquid={`${name}.${key}`} aria-label={`${t("templates.edit.parameterValue")} ${key}`} value={value} readOnly={!change} onChange={(event) => put(pairs.map((each, at) => (at === place ? [each[0], event.target.value] : each)))} />
            {change && <Button type="text" icon={<DeleteOutlined />} aria-label={`${t("common.remove")}: ${key}`} onClick={() => put(pairs.filter((_, at) => at !== place))} />}
          </div>
        ))}
        {change && (
          <div>
            <Button size="small" icon={<PlusOutlined />} onClick={() => put([...pairs, [free(), ""]])}>
              {add}
            </Button>
          </div>
        )}
      </div>
    </Form.Item>
  );
}
