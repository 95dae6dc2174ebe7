import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Card, Progress, Table } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, taken } from "@/api/client";
import { Failure } from "@/components/Failure";
import { ReloadOutlined } from "@/components/icons";
import { Moment } from "@/components/page";
import { useProject } from "@/session/session";
import { StatusMark } from "../shared/Marks";
import type { Campaign, Preflight } from "../shared/types";
import { useCampaignFigures, useSaid } from "../shared/words";
import { Findings } from "./Findings";
import { PowerCard } from "./PowerCard";
import { Samples } from "./Samples";
import { ShrinkingCard } from "./ShrinkingCard";

/** What would happen if it began now, and what is missing; nothing is sent. */
export function PreflightTab({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const preflight = useQuery({
    queryKey: ["campaign", project_id, campaign.id, "preflight", campaign.revision, campaign.status],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/campaigns/{campaign_id}/preflight", { params: { path: { project_id, campaign_id: campaign.id } } })),
    staleTime: 0,
  });
  if (preflight.error) return <Failure error={preflight.error} retry={() => void preflight.refetch()} />;
  if (!preflight.data) return <Going words={t("campaigns.preflight.going")} />;
  return (
    <div className="stack" style={{ gap: 16 }}>
      <Summary found={preflight.data} again={() => void preflight.refetch()} busy={preflight.isFetching} />
      <Findings campaign={campaign} findings={preflight.data.findings} />
      <ShrinkingCard found={preflight.data} />
      <PowerCard key={campaign.revision} campaign={campaign} found={preflight.data} />
      <div className="two-columns">
        <Costs found={preflight.data} />
        <Overlaps found={preflight.data} />
      </div>
      <Samples found={preflight.data} />
    </div>
  );
}

/** Work whose length is not known: a bar that goes on, ever slower. */
export function Going({ words }: { words: string }) {
  const [share, setShare] = useState(5);
  useEffect(() => {
    const timer = setInterval(() => setShare((before) => before + (96 - before) * 0.08), 250);
    return () => clearInterval(timer);
  }, []);
  return (
    <Card>
      <div role="status" className="stack">
        <span>{words}</span>
        <div aria-hidden>
          <Progress percent={Math.round(share)} showInfo={false} status="active" />
        </div>
      </div>
    </Card>
  );
}

function Summary({ found, again, busy }: { found: Preflight; again: () => void; busy: boolean }) {
  const { t } = useTranslation();
  const said = useSaid();
  return (
    <Alert
      type={found.can_start ? "success" : "error"}
      showIcon
      title={<strong data-testid="preflight">{said(found.words)}</strong>}
      description={
        <>
          {t("campaigns.preflight.at")} <Moment at={found.at} seconds />
        </>
      }
      action={
        <Button icon={<ReloadOutlined />} loading={busy} onClick={again}>
          {t("campaigns.preflight.again")}
        </Button>
      }
    />
  );
}

function Costs({ found }: { found: Preflight }) {
  const { t } = useTranslation();
  const { money } = useCampaignFigures();
  const { costs } = found;
  const rows: [string, number | null][] = [
    [t("campaigns.preflight.planned"), costs.planned],
    [t("campaigns.preflight.channels"), costs.messages],
    [t("campaigns.preflight.offer"), costs.offer],
    [t("campaigns.preflight.total"), costs.total],
    [t("campaigns.plan.budget"), costs.budget],
    [t("campaigns.expected"), costs.expected_value],
  ];
  return (
    <Card size="small" title={t("campaigns.preflight.costs")}>
      <table className="figure-table">
        <tbody>
          {rows.map(([name, value]) => (
            <tr key={name}>
              <td>{name}</td>
              <td>{money(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

type Overlap = Preflight["overlaps"][number];

function Overlaps({ found }: { found: Preflight }) {
  const { t } = useTranslation();
  const { id } = useProject();
  const { number, percent } = useCampaignFigures();
  return (
    <Card size="small" title={t("campaigns.preflight.overlaps")}>
      <Table<Overlap>
        size="small"
        rowKey="campaign_id"
        pagination={false}
        dataSource={found.overlaps}
        locale={{ emptyText: t("campaigns.preflight.noOverlaps") }}
        columns={[
          { title: t("campaigns.name"), key: "name", render: (_, each) => <Link to={`/p/${id}/campaigns/${each.campaign_id}`}>{each.name}</Link> },
          { title: t("campaigns.status"), key: "status", width: 100, render: (_, each) => <StatusMark status={each.status} /> },
          { title: t("campaigns.preflight.sharedPeople"), key: "people", width: 140, align: "right", render: (_, each) => `${number(each.people)} · ${percent(each.people / Math.max(1, found.people.audience))}` },
        ]}
      />
    </Card>
  );
}
