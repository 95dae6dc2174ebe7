import { useQuery } from "@tanstack/react-query";
import { Card, Input, Segmented, Select } from "antd";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { PlusOutlined } from "@/components/icons";
import { LinkButton } from "@/components/LinkButton";
import { Waiting } from "@/components/Waiting";
import { LoadMore, PageFrame, usePages, useUrlState } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import { type Campaign, type Lever, LEVERS, type Status, STATUSES } from "../shared/types";
import { Board } from "./Board";
import { CampaignTable } from "./CampaignTable";
import "../campaigns.css";

/** All campaigns, as a list or by state on a board. */
export function CampaignsPage() {
  const { t } = useTranslation();
  const project = useProject();
  const url = useUrlState();
  const may = useMay("edit_insights");
  const search = url.get("search");
  const statuses = url.all("status") as Status[];
  const lever = (url.get("lever") || undefined) as Lever | undefined;
  const board = url.get("view") === "board";
  const filtered = Boolean(search || statuses.length || lever);
  const campaigns = usePages(["campaigns", project.id, "list", search, statuses, lever], (cursor) =>
    taken(api.GET("/api/projects/{project_id}/campaigns", { params: { path: { project_id: project.id }, query: { search: search || undefined, status: statuses.length ? statuses : undefined, lever, cursor } } })),
  );
  const sizes = useSizes(campaigns.items);
  const none = !campaigns.isPending && campaigns.items.length === 0;
  const create = may && (
    <LinkButton type="primary" icon={<PlusOutlined />} to={`/p/${project.id}/campaigns/new`}>
      {t("campaigns.create")}
    </LinkButton>
  );
  return (
    <PageFrame title={t("campaigns.title")} hint={t("campaigns.hint")} extra={create}>
      <div className="row">
        <Input.Search key={search} allowClear style={{ width: 220 }} defaultValue={search} placeholder={t("campaigns.search")} aria-label={t("campaigns.search")} onSearch={(text) => url.change({ search: text.trim() })} />
        <Select<Status[]> mode="multiple" allowClear maxTagCount="responsive" style={{ minWidth: 190 }} placeholder={t("campaigns.status")} aria-label={t("campaigns.status")} value={statuses} onChange={(status) => url.change({ status })} options={STATUSES.map((value) => ({ value, label: t(`campaigns.statuses.${value}`) }))} />
        <Select<Lever> allowClear style={{ minWidth: 140 }} placeholder={t("campaigns.lever")} aria-label={t("campaigns.lever")} value={lever} onChange={(value) => url.change({ lever: value })} options={LEVERS.map((value) => ({ value, label: t(`studies.levers.${value}`) }))} />
        <Segmented<string> aria-label={t("campaigns.view")} value={board ? "board" : "list"} onChange={(view) => url.change({ view: view === "list" ? null : view })} options={(["list", "board"] as const).map((value) => ({ value, label: t(`campaigns.views.${value}`) }))} />
      </div>
      {campaigns.error && <Failure error={campaigns.error} retry={() => void campaigns.refetch()} />}
      {!campaigns.error && none && <Empty title={t(filtered ? "campaigns.noMatch" : "campaigns.empty")} hint={filtered ? undefined : t("campaigns.emptyHint")} action={filtered ? undefined : create} />}
      {!campaigns.error && !none && (campaigns.isPending ? <Waiting /> : <Shown board={board} campaigns={campaigns.items} sizes={sizes} />)}
      <LoadMore list={campaigns} />
    </PageFrame>
  );
}

function Shown({ board, campaigns, sizes }: { board: boolean; campaigns: Campaign[]; sizes: Record<string, number> }) {
  if (board) return <Board campaigns={campaigns} sizes={sizes} />;
  return (
    <Card styles={{ body: { padding: 0 } }}>
      <CampaignTable campaigns={campaigns} sizes={sizes} />
    </Card>
  );
}

const AT_ONCE = 100;

/** How many people campaigns are for: asked apart, since counting takes longer than listing. */
function useSizes(campaigns: Campaign[]): Record<string, number> {
  const { id: project_id } = useProject();
  const ids = campaigns.map((each) => each.id);
  const found = useQuery({
    queryKey: ["campaigns", project_id, "sizes", campaigns.map((each) => `${each.id} ${each.revision} ${each.status}`)],
    enabled: ids.length > 0,
    queryFn: async () => {
      const parts = Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_, place) => ids.slice(place * AT_ONCE, (place + 1) * AT_ONCE));
      const answers = await Promise.all(parts.map((campaign_id) => taken(api.GET("/api/projects/{project_id}/campaign-sizes", { params: { path: { project_id }, query: { campaign_id } } }))));
      return Object.assign({}, ...answers) as Record<string, number>;
    },
  });
  return found.data ?? {};
}
