import { Button, Card, Input, Select, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { DownloadOutlined, PlusOutlined, UploadOutlined } from "@/components/icons";
import { download, LoadMore, Mark, Moment, useAction, usePages, useUrlState } from "@/components/page";
import { useFigures } from "@/results/figures";
import { useMay, useProject } from "@/session/session";
import { AddSuppression, ImportSuppressions, RemoveSuppression } from "./SuppressionForms";
import { MEDIA, type Medium, type Suppression, useConsentFigures } from "./queries";

const REASONS = ["hard_bounce", "soft_bounces", "complaint", "unsubscribed", "manual", "imported"] as const;
type Reason = (typeof REASONS)[number];

/** Whom nobody writes to: looked up, added, imported, exported, removed with a reason. */
export function Suppressions() {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const url = useUrlState();
  const may = useMay("edit_data");
  const [open, setOpen] = useState<"add" | "import" | Suppression | null>(null);
  // Not in the address of the page: it is personal, and that is kept in histories.
  const [address, setAddress] = useState("");
  const query = { medium: (url.get("medium") || undefined) as Medium | undefined, reason: (url.get("why") || undefined) as Reason | undefined, address: address || undefined };
  const list = usePages(["consent", project_id, "suppressions", query], (cursor) => taken(api.GET("/api/projects/{project_id}/consent/suppressions", { params: { path: { project_id }, query: { ...query, cursor } } })));
  const none = !list.isPending && list.items.length === 0;
  return (
    <div className="stack">
      <Counts />
      <Bar url={url} look={setAddress} open={setOpen} />
      {list.error && <Failure error={list.error} retry={() => void list.refetch()} />}
      {!list.error && none && <Empty title={t(address ? "consent.notListed" : "consent.suppressionsEmpty")} hint={address ? undefined : t("consent.suppressionsEmptyHint")} />}
      {!list.error && !none && (
        <Card styles={{ body: { padding: 0 } }}>
          <SuppressionTable rows={list.items} loading={list.isPending} remove={may ? setOpen : undefined} />
          <LoadMore list={list} />
        </Card>
      )}
      {open === "add" && <AddSuppression close={() => setOpen(null)} />}
      {open === "import" && <ImportSuppressions close={() => setOpen(null)} />}
      {open !== null && typeof open === "object" && <RemoveSuppression row={open} close={() => setOpen(null)} />}
    </div>
  );
}

function Counts() {
  const { t } = useTranslation();
  const figures = useFigures();
  const url = useUrlState();
  const counts = useConsentFigures().data?.suppressions ?? [];
  const of = (reason: Reason) => counts.filter((each) => each.reason === reason).reduce((sum, each) => sum + each.count, 0);
  const shown = REASONS.filter((reason) => of(reason) > 0);
  if (shown.length === 0) return null;
  return (
    <div className="state-tiles">
      {shown.map((reason) => (
        <button key={reason} type="button" className="state-tile" aria-pressed={url.get("why") === reason} onClick={() => url.change({ why: url.get("why") === reason ? null : reason })}>
          <span>{t(`consent.reasons.${reason}`)}</span>
          <strong>{figures.number(of(reason))}</strong>
        </button>
      ))}
    </div>
  );
}

interface BarProps {
  url: ReturnType<typeof useUrlState>;
  look: (address: string) => void;
  open: (what: "add" | "import") => void;
}

function Bar({ url, look, open }: BarProps) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const may = useMay("edit_data");
  const mayExport = useMay("export");
  const save = useAction(() => download(`/api/projects/${project_id}/consent/suppressions.csv`, "suppressions.csv"));
  return (
    <div className="row between">
      <div className="row">
        <Input.Search allowClear aria-label={t("consent.search")} title={t("consent.searchHint")} placeholder={t("consent.search")} style={{ width: 240 }} onSearch={(text) => look(text.trim())} />
        <Select allowClear aria-label={t("outbox.mediumTitle")} placeholder={t("outbox.mediumTitle")} style={{ width: 140 }} value={url.get("medium") || undefined} options={MEDIA.map((value) => ({ value, label: t(`outbox.media.${value}`) }))} onChange={(medium: string | undefined) => url.change({ medium: medium ?? null })} />
      </div>
      <div className="row">
        {mayExport && (
          <Button icon={<DownloadOutlined />} loading={save.isPending} onClick={() => save.mutate()}>
            {t("consent.export")}
          </Button>
        )}
        {may && (
          <>
            <Button icon={<UploadOutlined />} onClick={() => open("import")}>
              {t("consent.import")}
            </Button>
            <Button type="primary" icon={<PlusOutlined />} onClick={() => open("add")}>
              {t("consent.add")}
            </Button>
          </>
        )}
      </div>
    </div>
  );
}

function SuppressionTable({ rows, loading, remove }: { rows: Suppression[]; loading: boolean; remove?: (row: Suppression) => void }) {
  const { t } = useTranslation();
  return (
    <Table<Suppression>
      size="small"
      rowKey="id"
      loading={loading}
      dataSource={rows}
      pagination={false}
      scroll={{ x: 900 }}
      columns={[
        { title: t("consent.address"), key: "shown", render: (_, row) => row.shown || (row.person_id ? `#${row.person_id}` : "***") },
        { title: t("outbox.mediumTitle"), key: "medium", width: 120, render: (_, row) => t(`outbox.media.${row.medium as Medium}`) },
        { title: t("consent.reason"), key: "reason", width: 210, render: (_, row) => <Mark tone={row.reason === "complaint" ? "bad" : "quiet"}>{t(`consent.reasons.${row.reason}`)}</Mark> },
        { title: t("consent.detail"), key: "detail", dataIndex: "detail", ellipsis: true },
        { title: t("consent.since"), key: "at", width: 170, render: (_, row) => <Moment at={row.at} /> },
        { title: t("consent.expires"), key: "expires", width: 170, render: (_, row) => (row.expires_at ? <Moment at={row.expires_at} /> : t("consent.forever")) },
        ...(remove
          ? [
              {
                title: t("common.actions"),
                key: "verbs",
                width: 100,
                render: (_: unknown, row: Suppression) => (
                  <Button size="small" aria-label={t("consent.removeTitle", { shown: row.shown || row.person_id })} onClick={() => remove(row)}>
                    {t("consent.remove")}
                  </Button>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}
