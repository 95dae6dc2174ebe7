import { EditOutlined, FilterOutlined, FontSizeOutlined, FullscreenOutlined, LinkOutlined, PlusOutlined, ReloadOutlined } from "@/components/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Popover, Select, Space } from "antd";
import dayjs from "dayjs";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams, useSearchParams } from "react-router";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { type Behind, PeopleDrawer } from "@/components/PeopleDrawer";
import { useAction } from "@/components/page/useAction";
import { FilterEditor } from "@/components/query/FilterEditor";
import { PeriodPicker } from "@/components/query/PeriodPicker";
import { ShareLinks } from "@/components/ShareLinks";
import { Waiting } from "@/components/Waiting";
import { LAST_30_DAYS } from "@/query/starting";
import type { Filter, Period, Query } from "@/query/types";
import type { Result } from "@/results/types";
import { useMay, useProject } from "@/session/session";
import { InsightPicker } from "./InsightPicker";
import { TextModal } from "./TextModal";
import { BoardGrid, type Placed } from "./BoardGrid";
import { useBoardResults } from "./boardResults";
import { TileCard } from "./TileCard";

export type Dashboard = Schemas["DashboardOutput"];
const REFRESHES = [30, 60, 300, 900, 3600];

export function DashboardPage() {
  const { id: project_id } = useProject();
  const { dashboardId = "" } = useParams();
  const board = useQuery({
    queryKey: ["dashboard", project_id, dashboardId],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/dashboards/{dashboard_id}", { params: { path: { project_id, dashboard_id: dashboardId } } })),
  });
  if (board.isPending) return <Waiting />;
  if (board.error) return <Failure error={board.error} retry={() => void board.refetch()} />;
  return <Board key={board.data.id} board={board.data} />;
}

function useBoardAddress() {
  const [search, setSearch] = useSearchParams();
  const read = <T,>(name: string): T | null => {
    try {
      return JSON.parse(search.get(name) ?? "null") as T | null;
    } catch {
      return null;
    }
  };
  const write = (name: string, value: unknown) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === null) next.delete(name);
        else next.set(name, JSON.stringify(value));
        return next;
      },
      { replace: true },
    );
  return {
    period: read<Period>("period"),
    filters: read<Filter>("filter"),
    setPeriod: (period: Period | null) => write("period", period),
    setFilters: (filter: Filter | null) => write("filter", filter),
  };
}

function useChange(board: Dashboard) {
  const { id: project_id } = useProject();
  const queries = useQueryClient();
  const queryKey = ["dashboard", project_id, board.id];
  const change = (body: Schemas["DashboardChange"]) => taken(api.PATCH("/api/projects/{project_id}/dashboards/{dashboard_id}", { params: { path: { project_id, dashboard_id: board.id } }, body }));
  return useAction(change, {
    refresh: [["dashboards", project_id]],
    onDone: (changed) => void queries.setQueryData(queryKey, changed),
    // Tiles that are moved or taken away are seen so at once; a new one has to be given its name first.
    guess: ({ tiles, refresh_seconds }) => {
      if (tiles && !tiles.every((tile) => tile.id)) return null;
      return {
        queryKey,
        change: (held: Dashboard) => ({
          ...held,
          ...(refresh_seconds === undefined ? {} : { refresh_seconds }),
          ...(tiles ? { tiles: held.tiles.flatMap((tile) => tiles.filter((moved) => moved.id === tile.id).map((moved) => ({ ...tile, ...moved, id: tile.id, text: tile.text, insight_id: tile.insight_id }))) } : {}),
        }),
      };
    },
  });
}

function Board({ board }: { board: Dashboard }) {
  const { t } = useTranslation();
  const project = useProject();
  const mayEdit = useMay("edit_insights");
  const address = useBoardAddress();
  const change = useChange(board);
  const wall = useRef<HTMLDivElement>(null);
  const [editing, setEditing] = useState(false);
  const [places, setPlaces] = useState<Placed[]>([]);
  const [adding, setAdding] = useState<"insight" | "text" | "link" | null>(null);
  const [behind, setBehind] = useState<Behind | null>(null);
  const results = useBoardResults(project.id, board.id, board.updated_at, { filters: address.filters, period: address.period });
  useEffect(() => {
    if (!board.refresh_seconds) return undefined;
    const timer = setInterval(results.again, board.refresh_seconds * 1000);
    return () => clearInterval(timer);
    // `again` always does the same.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [board.refresh_seconds]);
  const below = Math.max(0, ...board.tiles.map((tile) => tile.y + tile.h));
  const finish = () => {
    const moved = board.tiles.map((tile) => ({ ...tile, ...places.find((place) => place.id === tile.id) }));
    if (places.length) change.mutate({ tiles: moved });
    setEditing(false);
  };
  return (
    <div ref={wall} className="stack" style={{ padding: "16px 20px", gap: 14, overflow: "auto", background: "inherit" }}>
      <div className="row between">
        <div className="row">
          <Link to={`/p/${project.id}/dashboards`}>{t("dashboards.title")}</Link> /<h1 style={{ fontSize: 18, margin: 0 }}>{board.name}</h1>
        </div>
        <Space wrap>
          <Popover trigger="click" placement="bottomRight" content={<div style={{ width: 440 }}><FilterEditor value={address.filters} onChange={address.setFilters} /></div>}>
            <Button icon={<FilterOutlined />} type={address.filters ? "primary" : "default"} ghost={Boolean(address.filters)}>
              {t("dashboards.filter")}
            </Button>
          </Popover>
          {address.period ? (
            <Space.Compact>
              <PeriodPicker value={address.period} onChange={address.setPeriod} />
              <Button onClick={() => address.setPeriod(null)} aria-label={t("dashboards.ownPeriods")} title={t("dashboards.ownPeriods")}>
                ×
              </Button>
            </Space.Compact>
          ) : (
            <Button onClick={() => address.setPeriod(board.period ?? LAST_30_DAYS)}>{t("dashboards.usePeriod")}</Button>
          )}
          <Button icon={<ReloadOutlined />} loading={results.running} onClick={results.again} aria-label={t("dashboards.refresh")} title={results.updated ? t("dashboards.lastUpdated", { time: dayjs(results.updated).format("HH:mm:ss") }) : undefined} />
          {mayEdit && <RefreshChoice value={board.refresh_seconds} onChange={(refresh_seconds) => change.mutate({ refresh_seconds })} />}
          <Button icon={<FullscreenOutlined />} aria-label={t("dashboards.fullScreen")} title={t("dashboards.fullScreen")} onClick={() => void wall.current?.requestFullscreen()} />
          {mayEdit && <Button icon={<LinkOutlined />} onClick={() => setAdding("link")}>{t("dashboards.share")}</Button>}
          {mayEdit && (
            <>
              <Button icon={<PlusOutlined />} onClick={() => setAdding("insight")}>{t("dashboards.addInsight")}</Button>
              <Button icon={<FontSizeOutlined />} onClick={() => setAdding("text")} aria-label={t("dashboards.addText")} title={t("dashboards.addText")} />
              <Button icon={<EditOutlined />} type={editing ? "primary" : "default"} onClick={() => (editing ? finish() : setEditing(true))}>
                {t(editing ? "dashboards.done" : "dashboards.edit")}
              </Button>
            </>
          )}
        </Space>
      </div>
      {results.error != null && <Failure small error={results.error} retry={results.again} />}
      {board.tiles.length === 0 && <Empty title={t("dashboards.emptyBoard")} hint={t("dashboards.emptyBoardHint")} action={<Link to={`/p/${project.id}/insights/new`}>{t("insights.newInsight")}</Link>} />}
      <BoardGrid
        tiles={board.tiles}
        editing={editing}
        onMove={setPlaces}
        render={(tile, height) => {
          const found = results.tiles.get(tile.id);
          const query = found?.insight?.query as Query | undefined;
          return (
            <TileCard
              text={tile.text}
              height={height}
              busy={results.running}
              content={found && { name: found.insight?.name, chart: found.insight?.chart, options: found.insight?.options as Record<string, unknown>, result: found.result as Result | null, error: found.error }}
              insightAddress={tile.insight_id ? `/p/${project.id}/insights/${tile.insight_id}` : undefined}
              onSelect={query && !editing ? (selection, title) => setBehind({ query, selection, title }) : undefined}
              onRemove={editing ? () => change.mutate({ tiles: board.tiles.filter((each) => each.id !== tile.id) }) : undefined}
            />
          );
        }}
      />
      {adding === "insight" && <InsightPicker close={() => setAdding(null)} pick={(insight_id) => change.mutate({ tiles: [...board.tiles, { insight_id, x: 0, y: below, w: 6, h: 8 }] })} />}
      {adding === "text" && <TextModal close={() => setAdding(null)} save={(text) => change.mutate({ tiles: [...board.tiles, { text, x: 0, y: below, w: 12, h: 3 }] })} />}
      {adding === "link" && <ShareLinks shared={{ kind: "dashboard", id: board.id, period: board.period as Period | null }} close={() => setAdding(null)} />}
      <PeopleDrawer behind={behind} close={() => setBehind(null)} />
    </div>
  );
}

function RefreshChoice({ value, onChange }: { value: number | null; onChange: (seconds: number | null) => void }) {
  const { t } = useTranslation();
  const name = (seconds: number) => (seconds < 60 ? t("dashboards.seconds", { count: seconds }) : t("dashboards.minutes", { count: seconds / 60 }));
  return (
    <Select<number>
      aria-label={t("dashboards.autoRefresh")}
      value={value ?? 0}
      popupMatchSelectWidth={false}
      options={[{ value: 0, label: `${t("dashboards.autoRefresh")}: ${t("dashboards.off")}` }, ...REFRESHES.map((seconds) => ({ value: seconds, label: `${t("dashboards.autoRefresh")}: ${name(seconds)}` }))]}
      onChange={(seconds) => onChange(seconds || null)}
    />
  );
}
