import { Button, Card } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { PlusOutlined } from "@/components/icons";
import { LoadMore, PageFrame, SecretOnce, usePages } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import { DeliveriesDrawer } from "./DeliveriesDrawer";
import { SyncForm } from "./SyncForm";
import { SyncTable } from "./SyncTable";
import { FRESH_SYNC, heldOf, type Sync } from "./types";
import "../audiences.css";

type Open = { what: "new" } | { what: "edit" | "deliveries"; sync: Sync } | null;

/** What is sent out for good, and how that goes. */
export function SyncsPage() {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const may = useMay("edit_data");
  const [open, setOpen] = useState<Open>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const syncs = usePages(["syncs", project_id, "list"], (cursor) => taken(api.GET("/api/projects/{project_id}/audience-syncs", { params: { path: { project_id }, query: { cursor } } })));
  const none = !syncs.isPending && syncs.items.length === 0;
  const create = may && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen({ what: "new" })}>
      {t("syncs.create")}
    </Button>
  );
  const close = () => setOpen(null);
  return (
    <PageFrame title={t("syncs.title")} hint={t("syncs.hint")} extra={create}>
      {syncs.error && <Failure error={syncs.error} retry={() => void syncs.refetch()} />}
      {!syncs.error && none && <Empty title={t("syncs.empty")} hint={t(may ? "syncs.emptyHint" : "syncs.mayNot")} action={create} />}
      {!syncs.error && !none && (
        <Card styles={{ body: { padding: 0 } }}>
          <SyncTable syncs={syncs.items} loading={syncs.isPending} edit={(sync) => setOpen({ what: "edit", sync })} deliveries={(sync) => setOpen({ what: "deliveries", sync })} tell={setSecret} />
          <LoadMore list={syncs} />
        </Card>
      )}
      {open?.what === "new" && <SyncForm begun={FRESH_SYNC} close={close} tell={setSecret} />}
      {open?.what === "edit" && <SyncForm begun={heldOf(open.sync)} sync={open.sync} close={close} tell={setSecret} />}
      {open?.what === "deliveries" && <DeliveriesDrawer sync={open.sync} close={close} />}
      <SecretOnce title={t("syncs.secretTitle")} hint={t("syncs.secretHint")} text={secret} close={() => setSecret(null)} />
    </PageFrame>
  );
}
