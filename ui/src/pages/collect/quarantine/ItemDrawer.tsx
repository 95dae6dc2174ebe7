import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Descriptions, Drawer } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { JsonEditor, jsonFault, laidOut, Moment, useAction, useUrlState } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import { useReason } from "../reasons";
import type { HeldItem } from "./held";
import { SeenTimes } from "./SeenTimes";
import { useVerbs } from "./useVerbs";

/** One item with its payload, to be mended; open while the address names it. */
export function ItemDrawer() {
  const { t } = useTranslation();
  const project = useProject();
  const url = useUrlState();
  const id = url.get("item");
  const item = useQuery({
    queryKey: ["quarantine-item", project.id, id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/quarantine/items/{item_id}", { params: { path: { project_id: project.id, item_id: id } } })),
    enabled: id !== "",
  });
  return (
    <Drawer open={id !== ""} size={680} title={t("collect.quarantine.item")} onClose={() => url.change({ item: null })} destroyOnHidden>
      {id !== "" && item.isPending && <Waiting />}
      {item.error && <Failure error={item.error} retry={() => void item.refetch()} />}
      {item.data && id !== "" && <ItemForm key={`${id} ${item.dataUpdatedAt}`} item={item.data} close={() => url.change({ item: null })} />}
    </Drawer>
  );
}

function ItemForm({ item, close }: { item: HeldItem; close: () => void }) {
  const { t } = useTranslation();
  const project = useProject();
  const reason = useReason();
  const may = useMay("edit_data") && item.status === "held";
  const [raw, setRaw] = useState(laidOut(item.raw));
  const filter = { item_ids: [item.item_id] };
  const { replay, discard } = useVerbs(close);
  const params = { path: { project_id: project.id, item_id: item.item_id } };
  const put = () => taken(api.PUT("/api/projects/{project_id}/quarantine/items/{item_id}", { params, body: { raw } }));
  const save = useAction(put, { done: t("common.saved"), refresh: [["quarantine", project.id], ["quarantine-item", project.id]] });
  const saveAndReplay = useAction(put, { onDone: () => replay.mutate(filter) });
  const broken = jsonFault(raw) !== null;
  return (
    <div className="stack">
      <Alert type="warning" showIcon title={reason(item.reason)} description={item.detail} />
      <Descriptions
        size="small"
        column={2}
        items={[
          { key: "path", label: t("collect.quarantine.path"), children: <code>{item.path || t("common.none")}</code>, span: 2 },
          { key: "event", label: t("collect.event"), children: item.event || t("common.none") },
          { key: "at", label: t("collect.quarantine.received"), children: <><Moment at={item.received_at} seconds /><SeenTimes item={item} /></> },
          { key: "source", label: t("collect.source"), children: item.source },
          { key: "protocol", label: t("collect.quarantine.protocol"), children: item.protocol },
          { key: "status", label: t("collect.quarantine.status"), children: t(`collect.quarantine.statuses.${item.status}`) },
        ]}
      />
      <JsonEditor label={t("collect.quarantine.payload")} value={raw} onChange={setRaw} rows={26} readOnly={!may} />
      {may && (
        <div className="row between">
          <div className="row">
            <Button type="primary" disabled={broken} loading={saveAndReplay.isPending || replay.isPending} onClick={() => saveAndReplay.mutate()}>
              {t("collect.quarantine.saveAndReplay")}
            </Button>
            <Button disabled={broken} loading={save.isPending} onClick={() => save.mutate()}>
              {t("collect.quarantine.saveItem")}
            </Button>
          </div>
          <Button danger loading={discard.isPending} onClick={() => discard.mutate(filter)}>
            {t("collect.quarantine.discard")}
          </Button>
        </div>
      )}
    </div>
  );
}
