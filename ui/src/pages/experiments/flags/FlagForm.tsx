import { App, Button, Card, Input, Radio, Select } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, ApiError, taken } from "@/api/client";
import { LinkButton } from "@/components/LinkButton";
import { PageFrame, useAction } from "@/components/page";
import { useConfirm } from "@/pages/audiences/common/useConfirm";
import { readyOf } from "@/pages/audiences/conditions/making";
import { useProject } from "@/session/session";
import type { Experiment } from "../common/types";
import { Field } from "../edit/MetricEditor";
import { EnvironmentsCard } from "./EnvironmentsCard";
import type { Begun } from "./FlagPage";
import { FlagSwitch } from "./FlagSwitch";
import { freshVariants, renamed, valueOf } from "./making";
import { type Definition, type Flag, KINDS, type Kind, PRODUCTION } from "./types";
import { VariantsCard } from "./VariantsCard";

const KEY = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/;

interface Props {
  begun: Begun;
  flag?: Flag;
  experiments: Experiment[];
  aside?: ReactNode;
}

/** The key, the variants and the rules of a flag. */
export function FlagForm({ begun, flag, experiments, aside }: Props) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { id } = useProject();
  const [held, hold] = useState(begun);
  const [tried, setTried] = useState(false);
  const { definition, variants } = held;
  const names = variants.map((each) => each.name);
  const define = (change: Partial<Definition>) => hold((before) => ({ ...before, definition: { ...before.definition, ...change } }));
  const save = useSave(flag);
  const refused = save.error instanceof ApiError ? save.error : null;
  const chooseKind = (kind: Kind) => {
    const fresh = freshVariants(kind);
    const [off = ""] = fresh.map((each) => each.name);
    hold({ ...held, variants: fresh, definition: { ...definition, kind, off, environments: { [PRODUCTION]: { enabled: true, default: off, rules: [] } } } });
  };
  const submit = () => {
    setTried(true);
    if (!KEY.test(held.key)) return void message.warning(t("flags.keyFault"));
    const wrong = variants.find((each) => !each.name.trim() || valueOf(definition.kind, each.text) === undefined);
    if (wrong) return void message.warning(t("flags.badValue", { name: wrong.name }));
    const whole = finished({ ...definition, variants: Object.fromEntries(variants.map((each) => [each.name, valueOf(definition.kind, each.text)])) });
    if (!whole) return void message.warning(t("audiences.editor.fillFirst"));
    save.mutate({ ...held, definition: whole });
  };
  return (
    <PageFrame
      title={flag ? t("flags.editTitle", { key: flag.key }) : t("flags.newTitle")}
      hint={flag ? t("flags.version", { version: flag.version }) : undefined}
      extra={
        <>
          {flag && <FlagSwitch flag={flag} environment={PRODUCTION} />}
          {flag && <Remove flag={flag} />}
          <LinkButton to={`/p/${id}/flags`}>{t("common.cancel")}</LinkButton>
          <Button type="primary" loading={save.isPending} onClick={submit}>
            {t("common.save")}
          </Button>
        </>
      }
    >
      <div className={aside ? "editor-columns" : undefined}>
        <div className="stack" style={{ gap: 16, minWidth: 0, maxWidth: aside ? undefined : 900 }}>
          <Card size="small" title={t("flags.basics")}>
            <div className="stack">
              <div className="metric-line">
                <Field label={t("flags.key")} hint={flag ? undefined : t("flags.keyHint")} grow>
                  {(field) => <Input id={field} value={held.key} disabled={flag !== undefined} maxLength={100} autoFocus={!flag} status={tried && !KEY.test(held.key) ? "error" : undefined} style={{ fontFamily: "ui-monospace, monospace" }} onChange={(event) => hold({ ...held, key: event.target.value })} />}
                </Field>
                <Field label={t("flags.name")} grow>
                  {(field) => <Input id={field} value={held.name} maxLength={200} onChange={(event) => hold({ ...held, name: event.target.value })} />}
                </Field>
              </div>
              <Field label={t("common.description")}>{(field) => <Input id={field} value={held.description} maxLength={2000} onChange={(event) => hold({ ...held, description: event.target.value })} />}</Field>
              {!flag && (
                <Field label={t("flags.kind")}>
                  {() => <Radio.Group style={{ display: "flex" }} aria-label={t("flags.kind")} optionType="button" value={definition.kind} options={KINDS.map((value) => ({ value, label: t(`flags.kinds.${value}`) }))} onChange={(event) => chooseKind(event.target.value as Kind)} />}
                </Field>
              )}
            </div>
          </Card>
          <VariantsCard kind={definition.kind} variants={variants} onChange={(next) => hold({ ...held, variants: next })} onRename={(place, name) => hold({ ...held, variants: variants.with(place, { ...(variants[place] ?? { text: "" }), name }), definition: renamed(definition, variants[place]?.name ?? "", name) })} />
          <EnvironmentsCard definition={definition} names={names} experiments={experiments} refused={refused} define={define} />
          <Card size="small">
            <Field label={t("flags.offVariant")}>{() => <Select aria-label={t("flags.offVariant")} value={definition.off} style={{ width: 200 }} options={names.map((value) => ({ value, label: value }))} onChange={(off) => define({ off })} />}</Field>
          </Card>
        </div>
        {aside && (
          <aside className="stack" style={{ gap: 16, minWidth: 0 }}>
            {aside}
          </aside>
        )}
      </div>
    </PageFrame>
  );
}

/** The definition with its conditions as the server takes them; null while one is not filled in. */
function finished(definition: Definition): Definition | null {
  let open = false;
  const environments = Object.fromEntries(
    Object.entries(definition.environments).map(([name, environment]) => [
      name,
      {
        ...environment,
        rules: environment.rules.map((rule) => {
          if (!rule.condition) return rule;
          const ready = readyOf(rule.condition);
          if (!ready.condition || ready.unfinished.length) open = true;
          return { ...rule, condition: ready.condition };
        }),
      },
    ]),
  );
  return open ? null : { ...definition, environments };
}

function useSave(flag: Flag | undefined) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const navigate = useNavigate();
  return useAction(
    ({ key, name, description, definition }: Begun) => {
      const said = { name, description, definition };
      if (flag) return taken(api.PATCH("/api/projects/{project_id}/flags/{key}", { params: { path: { project_id, key: flag.key } }, body: said as never }));
      return taken(api.POST("/api/projects/{project_id}/flags", { params: { path: { project_id } }, body: { key, ...said } as never }));
    },
    {
      done: t("flags.saved"),
      refresh: [["flags", project_id]],
      onDone: (made) => void navigate(`/p/${project_id}/flags/${encodeURIComponent(made.key)}`),
    },
  );
}

function Remove({ flag }: { flag: Flag }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const navigate = useNavigate();
  const confirm = useConfirm();
  const remove = useAction(() => api.DELETE("/api/projects/{project_id}/flags/{key}", { params: { path: { project_id, key: flag.key } } }), { done: t("common.removed"), refresh: [["flags", project_id, "list"]], onDone: () => void navigate(`/p/${project_id}/flags`) });
  return (
    <Button danger type="text" onClick={() => void confirm(t("flags.removeConfirm", { key: flag.key }), () => remove.mutate())}>
      {t("flags.remove")}
    </Button>
  );
}
