import { useQuery } from "@tanstack/react-query";
import { Button, Input, List, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { useAction } from "@/components/page/useAction";
import { useProject } from "@/session/session";
import type { Insight } from "./draft";

type Dashboard = Schemas["DashboardOutput"];
const NEW_TILE = { w: 6, h: 8 };

/** The row below everything that is on a board. */
export function rowBelow(tiles: Dashboard["tiles"]): number {
  return Math.max(0, ...tiles.map((tile) => tile.y + tile.h));
}

export function AddToDashboard({ insight, open, close }: { insight: Insight; open: boolean; close: () => void }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const [name, setName] = useState("");
  const boards = useQuery({
    queryKey: ["dashboards", project_id, ""],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/dashboards", { params: { path: { project_id }, query: { limit: 200 } } })),
    enabled: open,
  });
  const place = async (board: Dashboard | null) => {
    const tile = { insight_id: insight.id, x: 0, y: board ? rowBelow(board.tiles) : 0, ...NEW_TILE };
    if (board === null) return taken(api.POST("/api/projects/{project_id}/dashboards", { params: { path: { project_id } }, body: { name, description: "", tags: [], tiles: [tile] } }));
    const path = { project_id, dashboard_id: board.id };
    return taken(api.PATCH("/api/projects/{project_id}/dashboards/{dashboard_id}", { params: { path }, body: { tiles: [...board.tiles, tile] } }));
  };
  const add = useAction(place, {
    done: (board) => t("insights.addedToDashboard", { name: board.name }),
    refresh: [["dashboards", project_id], ["dashboard", project_id]],
    onDone: close,
  });
  return (
    <Modal open={open} onCancel={close} footer={null} title={t("insights.addToDashboard")}>
      <List
        size="small"
        loading={boards.isPending}
        style={{ maxHeight: 320, overflow: "auto" }}
        dataSource={boards.data?.items ?? []}
        renderItem={(board) => (
          <List.Item>
            <Button type="text" block style={{ textAlign: "left" }} onClick={() => add.mutate(board)}>
              {board.name}
            </Button>
          </List.Item>
        )}
      />
      <form
        className="row"
        style={{ marginTop: 12, flexWrap: "nowrap" }}
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate(null);
        }}
      >
        <Input aria-label={t("dashboards.newBoard")} placeholder={t("dashboards.newBoard")} value={name} maxLength={200} onChange={(event) => setName(event.target.value)} />
        <Button type="primary" htmlType="submit" disabled={!name.trim()} loading={add.isPending}>
          {t("common.create")}
        </Button>
      </form>
    </Modal>
  );
}
