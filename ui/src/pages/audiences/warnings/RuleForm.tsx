import { App, Button, Card, Form, Input, InputNumber, Radio, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, ApiError, taken } from "@/api/client";
import { LinkButton } from "@/components/LinkButton";
import { PageFrame, useAction } from "@/components/page";
import { useProject } from "@/session/session";
import { ConditionBuilder, elsewhere, useReady } from "../conditions/ConditionBuilder";
import { EstimatePanel } from "../conditions/EstimatePanel";
import type { Condition } from "../conditions/types";
import { useEstimate } from "../conditions/useEstimate";
import type { Tag } from "../common/types";
import { useValueName } from "../tags/useValueName";
import { suggestedOrder } from "./order";
import { OrderField } from "./OrderField";
import type { Rule, RuleHeld } from "./types";

const NOBODY: Condition = { kind: "all", items: [] };

interface Props {
  begun: RuleHeld;
  rule?: Rule;
  tags: readonly Tag[];
}

/** What is watched: a tag's values from best to worst, of whom, and how sensitively. */
export function RuleForm({ begun, rule, tags }: Props) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { id } = useProject();
  const [held, hold] = useState(begun);
  const [tried, setTried] = useState(false);
  const tag = tags.find((each) => each.id === held.tag_id);
  const ready = useReady(held.valuable ?? NOBODY);
  const estimate = useEstimate(ready.condition);
  const save = useSave(rule);
  const missing = tried && !held.name.trim();
  const submit = () => {
    setTried(true);
    if (!held.name.trim() || !held.tag_id) return;
    if (held.order.length < 2) return void message.warning(t("warnings.orderLeast"));
    if (held.valuable && (!ready.condition || ready.unfinished.length)) return void message.warning(t("audiences.editor.fillFirst"));
    save.mutate({ ...held, name: held.name.trim(), valuable: held.valuable && ready.condition });
  };
  const error = estimate.error ?? asCondition(save.error);
  return (
    <PageFrame
      title={t(rule ? "warnings.editTitle" : "warnings.newTitle")}
      hint={rule ? t("warnings.keeps") : undefined}
      extra={
        <>
          <LinkButton to={`/p/${id}/warnings?tab=rules`}>{t("common.cancel")}</LinkButton>
          <Button type="primary" loading={save.isPending} onClick={submit}>
            {t("common.save")}
          </Button>
        </>
      }
    >
      <Card size="small">
        <Form layout="vertical" requiredMark={false} component="div">
          <div className="form-grid">
            <Form.Item label={t("warnings.name")} htmlFor="rule-name" validateStatus={missing ? "error" : undefined} help={missing ? t("warnings.required") : undefined}>
              <Input id="rule-name" maxLength={200} autoFocus={!rule} value={held.name} onChange={(event) => hold({ ...held, name: event.target.value })} />
            </Form.Item>
            <Form.Item label={t("warnings.tag")} validateStatus={tried && !held.tag_id ? "error" : undefined} help={tried && !held.tag_id ? t("warnings.required") : undefined} extra={rule ? t("warnings.tagFixed") : undefined}>
              <Select
                aria-label={t("warnings.tag")}
                disabled={rule !== undefined}
                value={held.tag_id || undefined}
                showSearch={{ optionFilterProp: "label" }}
                options={tags.map((each) => ({ value: each.id, label: each.name }))}
                onChange={(tag_id: string) => hold({ ...held, tag_id, order: orderOf(tags, tag_id) })}
              />
            </Form.Item>
          </div>
          {tag && <Order tag={tag} order={held.order} onChange={(order) => hold({ ...held, order })} />}
          <Sensitivity held={held} hold={hold} />
        </Form>
      </Card>
      <Card size="small" title={t("warnings.valuable")}>
        <div className="stack">
          <Radio.Group
            aria-label={t("warnings.valuable")}
            value={held.valuable ? "chosen" : "everybody"}
            options={(["everybody", "chosen"] as const).map((value) => ({ value, label: t(`warnings.${value}`) }))}
            onChange={(event) => hold({ ...held, valuable: event.target.value === "chosen" ? (begun.valuable ?? NOBODY) : null })}
          />
          {held.valuable && (
            <>
              <span style={{ fontSize: 13, opacity: 0.85 }}>{t("warnings.chosenHint")}</span>
              <div className="editor-columns">
                <ConditionBuilder value={held.valuable} ready={ready} error={error} onChange={(valuable) => hold({ ...held, valuable })} />
                <aside>
                  <EstimatePanel condition={ready.condition} estimate={estimate.estimate} busy={estimate.busy} error={elsewhere(estimate.error, ready)} unfinished={ready.unfinished.length} />
                </aside>
              </div>
            </>
          )}
        </div>
      </Card>
    </PageFrame>
  );
}

function orderOf(tags: readonly Tag[], tagId: string): string[] {
  const tag = tags.find((each) => each.id === tagId);
  return tag ? suggestedOrder(tag) : [];
}

function Order({ tag, order, onChange }: { tag: Tag; order: string[]; onChange: (order: string[]) => void }) {
  const nameOf = useValueName(tag.kind);
  const offered = [...new Set([...suggestedOrder(tag), ...tag.values.map((each) => each.value)])];
  return <OrderField value={order} offered={offered} nameOf={nameOf} onChange={onChange} />;
}

function Sensitivity({ held, hold }: { held: RuleHeld; hold: (held: RuleHeld) => void }) {
  const { t } = useTranslation();
  return (
    <div className="form-grid">
      <Form.Item label={t("warnings.unit")} style={{ margin: 0 }}>
        <Radio.Group aria-label={t("warnings.unit")} optionType="button" value={held.unit} options={(["day", "week", "month"] as const).map((value) => ({ value, label: t(`warnings.units.${value}`) }))} onChange={(event) => hold({ ...held, unit: event.target.value as RuleHeld["unit"] })} />
      </Form.Item>
      <Form.Item label={t("warnings.history")} htmlFor="rule-history" style={{ margin: 0 }}>
        <InputNumber id="rule-history" min={7} max={120} precision={0} value={held.history} onChange={(history) => hold({ ...held, history: history ?? 28 })} />
      </Form.Item>
      <Form.Item label={t("warnings.falseAlarms")} htmlFor="rule-alarms" extra={t("warnings.falseAlarmsHint")} style={{ margin: 0 }}>
        <InputNumber id="rule-alarms" min={0.05} max={10} step={0.1} suffix="%" value={Math.round(held.false_alarms * 1e4) / 100} onChange={(percent) => hold({ ...held, false_alarms: (percent ?? 0.5) / 100 })} />
      </Form.Item>
    </div>
  );
}

function useSave(rule: Rule | undefined) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const navigate = useNavigate();
  return useAction(
    ({ name, tag_id, order, valuable, unit, history, false_alarms }: RuleHeld) => {
      const said = { name, order, valuable, unit, history, false_alarms };
      if (rule) return taken(api.PATCH("/api/projects/{project_id}/warnings/rules/{rule_id}", { params: { path: { project_id, rule_id: rule.id } }, body: said as never }));
      return taken(api.POST("/api/projects/{project_id}/warnings/rules", { params: { path: { project_id } }, body: { ...said, tag_id } as never }));
    },
    {
      done: t("warnings.saved"),
      refresh: [["warning-rules", project_id], ["warnings", project_id]],
      onDone: () => void navigate(`/p/${project_id}/warnings?tab=rules`),
    },
  );
}

/** A fault of the condition, with its place as the builder counts. */
function asCondition(error: unknown): unknown {
  if (!(error instanceof ApiError) || !error.path?.startsWith("valuable")) return null;
  return new ApiError(error.status, error.code, error.message, error.path.replace(/^valuable/, "condition"), error.hint);
}
