import { useQuery } from "@tanstack/react-query";
import { Button, Card, Form, Input, InputNumber, Modal, Select, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { DeleteOutlined, PlusOutlined } from "@/components/icons";
import { useAction } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import type { Rule } from "../shared/types";
import { useCampaignFigures } from "../shared/words";

const APPROVERS = ["owner", "director", "manager", "specialist", "analyst"] as const;
type Approver = (typeof APPROVERS)[number];

/** Which campaigns of the project need whose agreement. */
export function RulesCard() {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const may = useMay("manage_project");
  const { money, number } = useCampaignFigures();
  const [made, make] = useState(false);
  const key = ["approval-rules", project_id];
  const rules = useQuery({ queryKey: key, queryFn: () => taken(api.GET("/api/projects/{project_id}/campaign-approval-rules", { params: { path: { project_id } } })) });
  const remove = useAction((rule_id: string) => api.DELETE("/api/projects/{project_id}/campaign-approval-rules/{rule_id}", { params: { path: { project_id, rule_id } } }), { done: t("common.removed"), refresh: [key, ["campaign", project_id]] });
  const when = (rule: Rule) =>
    [rule.budget_above !== null && t("campaigns.rules.budgetAbove", { budget: money(rule.budget_above) }), rule.reach_above !== null && t("campaigns.rules.reachAbove", { count: rule.reach_above, reach: number(rule.reach_above) })].filter(Boolean).join(t("campaigns.rules.or")) || t("campaigns.rules.always");
  return (
    <Card size="small" title={t("campaigns.rules.title")} styles={{ body: { padding: 0 } }} extra={may && <Button size="small" icon={<PlusOutlined />} onClick={() => make(true)}>{t("campaigns.rules.create")}</Button>}>
      <Table<Rule>
        size="small"
        rowKey="id"
        loading={rules.isPending}
        dataSource={rules.data?.items ?? []}
        pagination={false}
        scroll={{ x: 620 }}
        locale={{ emptyText: t("campaigns.rules.empty") }}
        columns={[
          { title: t("campaigns.rules.name"), dataIndex: "name" },
          { title: t("campaigns.rules.when"), key: "when", render: (_, each) => when(each) },
          { title: t("campaigns.rules.who"), key: "who", render: (_, each) => t("campaigns.rules.needs", { needed: each.needed, roles: each.roles.map((role) => t(`access.roles.${role}`)).join(" / ") }) },
          { title: <span className="sr-only">{t("common.actions")}</span>, key: "actions", width: 50, render: (_, each) => may && <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t("campaigns.rules.remove", { name: each.name })} onClick={() => remove.mutate(each.id)} /> },
        ]}
      />
      {made && <NewRule close={() => make(false)} refresh={[key, ["campaign", project_id]]} />}
    </Card>
  );
}

function NewRule({ close, refresh }: { close: () => void; refresh: string[][] }) {
  const { t } = useTranslation();
  const { id: project_id, currency } = useProject();
  const [name, setName] = useState("");
  const [budget_above, setBudget] = useState<number | null>(null);
  const [reach_above, setReach] = useState<number | null>(null);
  const [roles, setRoles] = useState<Approver[]>(["manager", "director"]);
  const [needed, setNeeded] = useState(1);
  const save = useAction(() => taken(api.POST("/api/projects/{project_id}/campaign-approval-rules", { params: { path: { project_id } }, body: { name: name.trim(), budget_above, reach_above, roles, needed } })), { done: t("common.saved"), refresh, onDone: close });
  return (
    <Modal open title={t("campaigns.rules.create")} onCancel={close} onOk={() => save.mutate()} okText={t("common.save")} okButtonProps={{ disabled: !name.trim() || roles.length === 0 }} confirmLoading={save.isPending}>
      <Form layout="vertical" component="div">
        <Form.Item label={t("campaigns.rules.name")} htmlFor="rule-name">
          <Input id="rule-name" autoFocus maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
        </Form.Item>
        <div className="form-grid">
          <Form.Item label={t("campaigns.rules.budget")} htmlFor="rule-budget">
            <InputNumber id="rule-budget" min={0} suffix={currency} style={{ width: "100%" }} value={budget_above} onChange={setBudget} />
          </Form.Item>
          <Form.Item label={t("campaigns.rules.reach")} htmlFor="rule-reach">
            <InputNumber id="rule-reach" min={0} precision={0} style={{ width: "100%" }} value={reach_above} onChange={setReach} />
          </Form.Item>
        </div>
        <p style={{ marginTop: 0, fontSize: 13, opacity: 0.85 }}>{t("campaigns.rules.hint")}</p>
        <div className="form-grid">
          <Form.Item label={t("campaigns.rules.roles")} htmlFor="rule-roles">
            <Select<Approver[]> id="rule-roles" mode="multiple" value={roles} onChange={setRoles} options={APPROVERS.map((value) => ({ value, label: t(`access.roles.${value}`) }))} />
          </Form.Item>
          <Form.Item label={t("campaigns.rules.needed")} htmlFor="rule-needed">
            <InputNumber id="rule-needed" min={1} max={5} precision={0} value={needed} onChange={(value) => setNeeded(value ?? 1)} />
          </Form.Item>
        </div>
      </Form>
    </Modal>
  );
}
