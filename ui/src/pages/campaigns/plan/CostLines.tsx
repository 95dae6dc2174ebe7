import { useQuery } from "@tanstack/react-query";
import { Button, ConfigProvider, Input, InputNumber, Select, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { DeleteOutlined } from "@/components/icons";
import { useAction } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import type { Campaign, Cost } from "../shared/types";
import { useCampaignFigures } from "../shared/words";

const CATEGORIES = ["media", "messages", "offer", "content", "people", "tools", "other"] as const;

/** Lines of money: what is planned while it is a draft, and what was really spent at any time. */
export function CostLines({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const may = useMay("edit_insights");
  const { money } = useCampaignFigures();
  const costs = useQuery({
    queryKey: ["campaign", project_id, campaign.id, "costs"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/campaigns/{campaign_id}/costs", { params: { path: { project_id, campaign_id: campaign.id } } })),
  });
  const refresh = [["campaign", project_id, campaign.id, "costs"], ["campaigns", project_id]];
  const remove = useAction((cost_id: string) => api.DELETE("/api/projects/{project_id}/campaigns/{campaign_id}/costs/{cost_id}", { params: { path: { project_id, campaign_id: campaign.id, cost_id } } }), { refresh });
  const draft = campaign.status === "draft";
  const removable = (cost: Cost) => may && (cost.kind === "actual" || draft);
  return (
    // Lines are kept one by one, whatever becomes of the rest of the plan.
    <ConfigProvider componentDisabled={false}>
      <div className="stack">
        <h3 style={{ fontSize: 14, margin: 0 }}>{t("campaigns.costs.title")}</h3>
        <Table<Cost>
          size="small"
          rowKey="id"
          pagination={false}
          scroll={{ x: 520 }}
          loading={costs.isPending}
          dataSource={costs.data?.lines ?? []}
          locale={{ emptyText: t("campaigns.costs.empty") }}
          columns={[
            { title: t("campaigns.costs.label"), dataIndex: "label" },
            { title: t("campaigns.costs.category"), key: "category", width: 110, render: (_, each) => t(`campaigns.costs.categories.${each.category}`) },
            { title: t("campaigns.costs.kind"), key: "kind", width: 80, render: (_, each) => t(`campaigns.costs.kinds.${each.kind}`) },
            { title: t("campaigns.costs.amount"), key: "amount", width: 120, align: "right", render: (_, each) => <span className="figure">{money(each.amount)}</span> },
            { title: <span className="sr-only">{t("common.actions")}</span>, key: "actions", width: 50, render: (_, each) => removable(each) && <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t("campaigns.costs.remove", { label: each.label })} onClick={() => remove.mutate(each.id)} /> },
          ]}
        />
        <span className="figure">{t("campaigns.costs.sums", { planned: money(costs.data?.planned ?? 0), actual: money(costs.data?.actual ?? 0) })}</span>
        {may && <NewLine campaign={campaign} kinds={draft ? ["planned", "actual"] : ["actual"]} refresh={refresh} />}
      </div>
    </ConfigProvider>
  );
}

type Kind = Cost["kind"];

function NewLine({ campaign, kinds, refresh }: { campaign: Campaign; kinds: Kind[]; refresh: string[][] }) {
  const { t } = useTranslation();
  const { id: project_id, currency } = useProject();
  const [kind, setKind] = useState<Kind>(kinds[0] ?? "actual");
  const [category, setCategory] = useState<Cost["category"]>("media");
  const [label, setLabel] = useState("");
  const [amount, setAmount] = useState<number | null>(null);
  const add = useAction(
    () => taken(api.POST("/api/projects/{project_id}/campaigns/{campaign_id}/costs", { params: { path: { project_id, campaign_id: campaign.id } }, body: { kind, category, label: label.trim(), amount: amount ?? 0 } })),
    {
      refresh,
      onDone: () => {
        setLabel("");
        setAmount(null);
      },
    },
  );
  const ready = label.trim() !== "" && amount !== null;
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) add.mutate();
      }}
    >
      <Select<Kind> aria-label={t("campaigns.costs.kind")} style={{ width: 90 }} value={kinds.includes(kind) ? kind : "actual"} onChange={setKind} options={kinds.map((value) => ({ value, label: t(`campaigns.costs.kinds.${value}`) }))} />
      <Select<Cost["category"]> aria-label={t("campaigns.costs.category")} style={{ width: 110 }} value={category} onChange={setCategory} options={CATEGORIES.map((value) => ({ value, label: t(`campaigns.costs.categories.${value}`) }))} />
      <Input aria-label={t("campaigns.costs.label")} placeholder={t("campaigns.costs.label")} style={{ flex: "1 1 160px", maxWidth: 300 }} maxLength={200} value={label} onChange={(event) => setLabel(event.target.value)} />
      <InputNumber aria-label={t("campaigns.costs.amount")} placeholder={t("campaigns.costs.amount")} min={0} suffix={currency} style={{ width: 150 }} value={amount} onChange={setAmount} />
      <Button htmlType="submit" disabled={!ready} loading={add.isPending}>
        {t("common.add")}
      </Button>
    </form>
  );
}
