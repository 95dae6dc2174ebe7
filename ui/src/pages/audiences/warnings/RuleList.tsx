import { Button, Card, Table } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { DeleteOutlined } from "@/components/icons";
import { Mark, Moment, useAction } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import { useFailureWords } from "../common/Marks";
import { useConfirm } from "../common/useConfirm";
import { ConditionText } from "../conditions/ConditionText";
import { useValueName } from "../tags/useValueName";
import { CheckDrawer } from "./CheckDrawer";
import { useRules, useTags } from "./queries";
import type { Rule } from "./types";

/** What is watched, and how the last check went. */
export function RuleList({ create }: { create: ReactNode }) {
  const { t } = useTranslation();
  const rules = useRules();
  const [checked, check] = useState<Rule | null>(null);
  if (rules.error) return <Failure error={rules.error} retry={() => void rules.refetch()} />;
  if (rules.data?.length === 0) return <Empty title={t("warnings.noRules")} hint={t("warnings.noRulesHint")} action={create} />;
  return (
    <Card styles={{ body: { padding: 0 } }}>
      <RuleTable rules={rules.data ?? []} loading={rules.isPending} check={check} />
      {checked && <CheckDrawer rule={checked} close={() => check(null)} />}
    </Card>
  );
}

function RuleTable({ rules, loading, check }: { rules: Rule[]; loading: boolean; check: (rule: Rule) => void }) {
  const { t } = useTranslation();
  const { id } = useProject();
  const may = useMay("edit_insights");
  return (
    <Table<Rule>
      size="small"
      rowKey="id"
      loading={loading}
      dataSource={rules}
      pagination={rules.length > 50 ? { pageSize: 50, size: "small" } : false}
      scroll={{ x: 900 }}
      columns={[
        { title: t("warnings.name"), key: "name", width: 200, render: (_, rule) => <Link to={`/p/${id}/warnings/rules/${rule.id}`}>{rule.name}</Link> },
        { title: t("warnings.tag"), key: "tag", render: (_, rule) => <Watched rule={rule} /> },
        { title: t("warnings.valuable"), key: "valuable", render: (_, rule) => (rule.valuable ? <ConditionText condition={rule.valuable} /> : t("warnings.everybody")) },
        { title: t("warnings.unit"), key: "unit", width: 110, render: (_, rule) => <Mark tone="quiet">{t(`warnings.units.${rule.unit}`)}</Mark> },
        { title: t("warnings.checkedAt"), key: "checked", width: 190, render: (_, rule) => <LastCheck rule={rule} /> },
        ...(may ? [{ title: t("common.actions"), key: "verbs", width: 170, render: (_: unknown, rule: Rule) => <Verbs rule={rule} check={check} /> }] : []),
      ]}
    />
  );
}

function Watched({ rule }: { rule: Rule }) {
  const { id } = useProject();
  const { tags } = useTags();
  const tag = tags.find((each) => each.id === rule.tag_id);
  const nameOf = useValueName(tag?.kind ?? "");
  return (
    <div>
      <Link to={`/p/${id}/tags/${rule.tag_id}`}>{tag?.name ?? "…"}</Link>
      <div style={{ fontSize: 13, opacity: 0.85 }}>{rule.order.map(nameOf).join(" → ")}</div>
    </div>
  );
}

function LastCheck({ rule }: { rule: Rule }) {
  const { t } = useTranslation();
  const words = useFailureWords();
  return (
    <div>
      {rule.checked_at ? <Moment at={rule.checked_at} /> : <span style={{ opacity: 0.85 }}>{t("warnings.notChecked")}</span>}
      {rule.error && (
        <div className="fault-text two-lines" title={words(rule.error)}>
          {words(rule.error)}
        </div>
      )}
    </div>
  );
}

function Verbs({ rule, check }: { rule: Rule; check: (rule: Rule) => void }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const confirm = useConfirm();
  const remove = useAction(() => api.DELETE("/api/projects/{project_id}/warnings/rules/{rule_id}", { params: { path: { project_id, rule_id: rule.id } } }), {
    done: t("common.removed"),
    refresh: [["warning-rules", project_id], ["warnings", project_id]],
  });
  return (
    <span className="row" style={{ gap: 6, flexWrap: "nowrap" }}>
      <Button size="small" onClick={() => check(rule)}>
        {t("warnings.check")}
      </Button>
      <Button size="small" danger type="text" icon={<DeleteOutlined />} aria-label={t("common.confirmRemove", { name: rule.name })} onClick={() => void confirm(t("warnings.remove", { name: rule.name }), () => remove.mutate())} />
    </span>
  );
}
