import { Table, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useWording } from "@/components/page";
import { useMetrics } from "@/query/metrics";
import { useProject } from "@/session/session";
import { LeverMark, StatusMark } from "../shared/Marks";
import type { Campaign } from "../shared/types";
import { useCampaignFigures } from "../shared/words";

export interface ListProps {
  campaigns: Campaign[];
  sizes: Record<string, number>;
}

export function CampaignTable({ campaigns, sizes }: ListProps) {
  const { t } = useTranslation();
  const project = useProject();
  const figures = useCampaignFigures();
  return (
    <Table<Campaign>
      size="small"
      rowKey="id"
      dataSource={campaigns}
      pagination={false}
      scroll={{ x: 1080 }}
      columns={[
        {
          title: t("campaigns.name"),
          key: "name",
          render: (_, each) => (
            <div>
              <Link to={`/p/${project.id}/campaigns/${each.id}`}>{each.name}</Link>
              {each.description && (
                <div>
                  <Typography.Text type="secondary" style={{ fontSize: 13 }}>
                    {each.description}
                  </Typography.Text>
                </div>
              )}
            </div>
          ),
        },
        { title: t("campaigns.status"), key: "status", width: 110, render: (_, each) => <StatusMark status={each.status} /> },
        { title: t("campaigns.lever"), key: "lever", width: 90, render: (_, each) => <LeverMark lever={each.lever} /> },
        { title: t("campaigns.goal"), key: "goal", width: 190, render: (_, each) => <GoalWords campaign={each} /> },
        { title: t("campaigns.dates"), key: "dates", width: 200, render: (_, each) => <DateWords campaign={each} /> },
        { title: t("campaigns.people"), key: "people", width: 100, align: "right", render: (_, each) => <span className="figure">{figures.number(sizes[each.id])}</span> },
        { title: t("campaigns.expected"), key: "expected", width: 110, align: "right", render: (_, each) => <span className="figure">{figures.money(each.expected)}</span> },
        { title: t("campaigns.owner"), key: "owner", width: 120, ellipsis: true, render: (_, each) => each.owner_name || "–" },
      ]}
    />
  );
}

/** The metric that is to be moved, and to where. */
export function GoalWords({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const figures = useCampaignFigures();
  const { goal } = campaign.plan;
  const metrics = useMetrics(Boolean(goal?.metric_id));
  if (!goal?.metric_id) return <span style={{ opacity: 0.8 }}>{t("campaigns.noGoal")}</span>;
  const name = metrics.items.find((each) => each.id === goal.metric_id)?.name ?? goal.metric_id;
  return <span>{goal.target === null || goal.target === undefined ? name : t("campaigns.goalTo", { name, target: figures.number(goal.target) })}</span>;
}

/** From when to when, on the project's calendar. */
export function DateWords({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const words = useWording(useProject().time_zone);
  const { starts_at, ends_at } = campaign.plan;
  if (!starts_at) return <span style={{ opacity: 0.8 }}>{t("campaigns.noDates")}</span>;
  return (
    <span className="figure">
      {words.day(starts_at)}
      {ends_at && ` – ${words.day(ends_at)}`}
    </span>
  );
}
