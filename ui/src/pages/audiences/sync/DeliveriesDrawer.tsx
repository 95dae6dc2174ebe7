import { Button, Drawer, Table } from "antd";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { DownloadOutlined } from "@/components/icons";
import { download, LoadMore, Mark, Moment, type Tone, useAction, usePages, useWording } from "@/components/page";
import { useFigures } from "@/results/figures";
import { useMay, useProject } from "@/session/session";
import { useFailureWords } from "../common/Marks";
import type { Delivery, Sync } from "./types";

const TONES: Record<Delivery["state"], Tone> = { pending: "busy", delivered: "good", failed: "bad", deleted: "quiet" };

/** Each message and file of a sync, the newest first. */
export function DeliveriesDrawer({ sync, close }: { sync: Sync; close: () => void }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const deliveries = usePages(["deliveries", project_id, sync.id], (cursor) =>
    taken(api.GET("/api/projects/{project_id}/audience-syncs/{sync_id}/deliveries", { params: { path: { project_id, sync_id: sync.id }, query: { cursor, limit: 50 } } })),
  );
  const none = !deliveries.isPending && deliveries.items.length === 0;
  return (
    <Drawer open size={820} title={t("syncs.deliveriesOf", { name: sync.name })} onClose={close}>
      {deliveries.error && <Failure error={deliveries.error} retry={() => void deliveries.refetch()} />}
      {!deliveries.error && none && <Empty title={t("syncs.noDeliveries")} hint={sync.kind === "webhook" ? t("syncs.noDeliveriesHint") : undefined} />}
      {!deliveries.error && !none && (
        <>
          <Table<Delivery>
            size="small"
            rowKey="id"
            loading={deliveries.isPending}
            dataSource={deliveries.items}
            pagination={false}
            scroll={{ x: 700 }}
            columns={[
              { title: t("syncs.at"), key: "at", width: 160, render: (_, each) => <Moment at={each.created_at} seconds /> },
              { title: t("syncs.content"), key: "content", render: (_, each) => <Content delivery={each} syncId={sync.id} /> },
              { title: t("syncs.state"), key: "state", render: (_, each) => <Came delivery={each} /> },
              { title: t("syncs.attempts"), dataIndex: "attempts", width: 90, align: "right" },
            ]}
          />
          <LoadMore list={deliveries} />
        </>
      )}
    </Drawer>
  );
}

function Content({ delivery, syncId }: { delivery: Delivery; syncId: string }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const words = useWording();
  const { id } = useProject();
  const mayExport = useMay("export");
  const mayUnmask = useMay("unmask");
  const take = useAction(() => download(`/api/projects/${id}/audience-syncs/${syncId}/files/${delivery.id}`, delivery.file ?? "people.csv"));
  if (delivery.kind === "erased") return t("syncs.erasedPeople", { count: delivery.people });
  if (delivery.file === null) return t("syncs.moved", { entered: figures.number(delivery.entered), left: figures.number(delivery.left) });
  const said = t("syncs.filePeople", { people: figures.number(delivery.people), size: words.size(delivery.size_bytes) });
  const there = delivery.state === "delivered" && mayExport && (delivery.masked || mayUnmask);
  return (
    <span className="row" style={{ gap: 6 }}>
      <span>{said}</span>
      {delivery.masked && <Mark tone="quiet">{t("syncs.masked")}</Mark>}
      {there && <Button size="small" icon={<DownloadOutlined />} loading={take.isPending} aria-label={t("syncs.download", { file: delivery.file })} onClick={() => take.mutate()} />}
    </span>
  );
}

function Came({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation();
  const failure = useFailureWords();
  return (
    <div>
      <Mark tone={TONES[delivery.state]}>{t(`syncs.deliveryStates.${delivery.state}`)}</Mark>
      {delivery.status !== null && (
        <span className="figure" style={{ fontSize: 13 }}>
          {t("syncs.answer")} {delivery.status}
        </span>
      )}
      {delivery.error && <div className="fault-text">{failure(delivery.error)}</div>}
    </div>
  );
}
