import { useQuery } from "@tanstack/react-query";
import { Result as Notice } from "antd";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { api, taken } from "@/api/client";
import { Waiting } from "@/components/Waiting";
import type { Result } from "@/results/types";
import { BoardGrid } from "./BoardGrid";
import { TileCard } from "./TileCard";

/** What a public link shows, without log-in; nothing can be clicked through. */
export function PublicPage() {
  const { t } = useTranslation();
  const { token = "" } = useParams();
  const page = useQuery({
    queryKey: ["public", token],
    queryFn: () => taken(api.GET("/api/public/{token}", { params: { path: { token } } })),
    refetchInterval: (query) => (query.state.data?.refresh_seconds ?? 0) * 1000 || false,
  });
  if (page.isPending) return <Waiting height={500} />;
  if (page.error) return <Notice status="404" title={t("dashboards.publicGone")} subTitle={page.error.message} />;
  const { name, tiles, time_zone } = page.data;
  return (
    <main className="stack" style={{ padding: 20, height: "100%", overflow: "auto", boxSizing: "border-box" }}>
      <div className="row between">
        <h1 style={{ fontSize: 20, margin: 0 }}>{name}</h1>
        <span style={{ opacity: 0.8 }}>Bihuan 闭环 · {time_zone}</span>
      </div>
      <BoardGrid
        tiles={tiles}
        editing={false}
        render={(tile, height) => (
          <TileCard text={tile.text} height={height} busy={page.isFetching} content={{ name: tile.name, chart: tile.chart, options: tile.options as Record<string, unknown>, result: tile.result as Result | null, error: tile.error }} />
        )}
      />
    </main>
  );
}
