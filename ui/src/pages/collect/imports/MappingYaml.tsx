import { Alert, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { parse, stringify } from "yaml";
import type { Schemas } from "@/api/types";
import { completed, type Mapping, pruned } from "./mapping";

interface Props {
  mapping: Mapping;
  guessed: Schemas["GuessOutput"];
  change: (mapping: Mapping) => void;
  fault: string | null;
  setFault: (fault: string | null) => void;
}

/** The mapping as YAML, with the reasons of the guess while nothing was changed. */
export function MappingYaml({ mapping, guessed, change, fault, setFault }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(() => (mapping === guessed.mapping ? guessed.yaml : stringify(pruned(mapping))));
  const edit = (typed: string) => {
    setText(typed);
    try {
      change(completed(parse(typed)));
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <div className="stack">
      <Input.TextArea
        aria-label="YAML"
        spellCheck={false}
        value={text}
        status={fault ? "error" : undefined}
        autoSize={{ minRows: 10, maxRows: 28 }}
        style={{ fontFamily: "ui-monospace, monospace", fontSize: 12.5 }}
        onChange={(event) => edit(event.target.value)}
      />
      {fault && <Alert type="error" showIcon title={t("collect.imports.yamlFault", { reason: fault })} />}
    </div>
  );
}
