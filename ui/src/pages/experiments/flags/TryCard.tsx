import { Button, Card, Input, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { CodeBlock, useAction } from "@/components/page";
import { useProject } from "@/session/session";
import { Field } from "../edit/MetricEditor";
import { type Flag, PRODUCTION } from "./types";

/** What software would be told for somebody; nobody counts as exposed. */
export function TryCard({ flag }: { flag: Flag }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const [id, setId] = useState("");
  const [text, setText] = useState("{}");
  const [environment, setEnvironment] = useState(PRODUCTION);
  const attributes = objectOf(text);
  const ask = useAction(() => taken(api.POST("/api/projects/{project_id}/flags/{key}/try", { params: { path: { project_id, key: flag.key } }, body: { environment, context: { ...attributes, ...(id ? { targetingKey: id } : {}) } } })));
  const shown = ask.data;
  const reason = shown?.reason as "STATIC" | undefined;
  return (
    <Card size="small" title={t("flags.try.title")}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (attributes) ask.mutate();
        }}
      >
        <span style={{ fontSize: 13, opacity: 0.85 }}>
          {t("flags.try.hint")} {t("flags.try.saveFirst")}
        </span>
        <Field label={t("flags.try.id")}>{(field) => <Input id={field} value={id} maxLength={500} placeholder="user-1" onChange={(event) => setId(event.target.value)} />}</Field>
        <Field label={t("flags.try.attributes")} hint={attributes ? undefined : t("flags.try.badJson")}>
          {(field) => <Input.TextArea id={field} value={text} autoSize={{ minRows: 1, maxRows: 6 }} status={attributes ? undefined : "error"} style={{ fontFamily: "ui-monospace, monospace", fontSize: 12.5 }} onChange={(event) => setText(event.target.value)} />}
        </Field>
        <div className="row">
          <Select aria-label={t("flags.environment")} value={environment} style={{ minWidth: 130 }} options={Object.keys(flag.definition.environments).map((value) => ({ value, label: value }))} onChange={setEnvironment} />
          <Button type="primary" htmlType="submit" loading={ask.isPending} disabled={!attributes}>
            {t("flags.try.run")}
          </Button>
        </div>
        {shown && (
          <div className="stack" style={{ gap: 6 }} role="status" data-testid="tried">
            <strong>{t("flags.try.shown", { variant: shown.variant })}</strong>
            <span style={{ fontSize: 13 }}>
              {t("flags.try.reason")}: {reason ? t(`flags.try.reasons.${reason}`) : ""} {typeof shown.metadata.rule === "string" && `· ${t("flags.try.byRule", { rule: shown.metadata.rule })}`}
            </span>
            <CodeBlock code={JSON.stringify(shown.value, null, 2)} label={t("flags.value")} />
          </div>
        )}
      </form>
    </Card>
  );
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text || "{}");
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
