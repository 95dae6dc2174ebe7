import { App, Button, Card, Checkbox, Table, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { LoadMore, Moment, usePages, useUrlState } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import { useReason } from "../reasons";
import type { HeldItem, Wanted } from "./held";
import { PatchMany } from "./PatchMany";
import type { Status } from "./QuarantinePage";
import { SeenTimes } from "./SeenTimes";
import { useVerbs } from "./useVerbs";

interface Props {
  status: Status;
  wanted: Wanted;
  filtered: boolean;
}

/** The items, with what can be done with many of them. */
export function Items({ status, wanted, filtered }: Props) {
  const { t } = useTranslation();
  const project = useProject();
  const may = useMay("edit_data") && status === "held";
  const [chosen, setChosen] = useState<string[]>([]);
  const [all, setAll] = useState(false);
  const list = usePages(["quarantine", project.id, status, wanted], (cursor) =>
    taken(
      api.GET("/api/projects/{project_id}/quarantine", {
        params: { path: { project_id: project.id }, query: { ...wanted, item_ids: undefined, status, cursor, limit: 100 } },
      }),
    ),
  );
  const clear = () => {
    setChosen([]);
    setAll(false);
  };
  if (list.error) return <Failure error={list.error} retry={() => void list.refetch()} />;
  if (!list.isPending && list.items.length === 0) {
    return <Empty title={t(filtered ? "collect.quarantine.noMatch" : "collect.quarantine.empty")} hint={filtered ? undefined : t("collect.quarantine.emptyHint")} />;
  }
  const first = list.items.find((item) => all || chosen.includes(item.item_id));
  return (
    <Card styles={{ body: { padding: 0 } }}>
      {may && (
        <div className="row between" style={{ padding: "8px 12px" }}>
          <Checkbox checked={all} onChange={(event) => setAll(event.target.checked)}>
            {t("collect.quarantine.allMatching")}
          </Checkbox>
          <ManyVerbs filter={all ? wanted : { item_ids: chosen }} count={all ? null : chosen.length} first={first} done={clear} />
        </div>
      )}
      <ItemTable items={list.items} loading={list.isPending} chosen={may && !all ? chosen : null} choose={setChosen} />
      <LoadMore list={list} />
    </Card>
  );
}

interface ManyProps {
  filter: Wanted;
  /** Null: everything that the filter finds. */
  count: number | null;
  first: HeldItem | undefined;
  done: () => void;
}

function ManyVerbs({ filter, count, first, done }: ManyProps) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const [patching, setPatching] = useState(false);
  const { replay, discard, patch } = useVerbs(() => {
    setPatching(false);
    done();
  });
  const none = count === 0;
  const ask = (verb: "replay" | "discard", act: (filter: Wanted) => void) =>
    modal.confirm({
      title: count === null ? t(`collect.quarantine.${verb}All`) : t(`collect.quarantine.${verb}Confirm`, { count }),
      okText: t(`collect.quarantine.${verb}`),
      okButtonProps: { danger: verb === "discard" },
      onOk: () => act(filter),
    });
  return (
    <div className="row">
      {count !== null && count > 0 && <span>{t("collect.quarantine.selected", { count })}</span>}
      <Button size="small" disabled={none} onClick={() => setPatching(true)}>
        {t("collect.quarantine.patch")}
      </Button>
      <Button size="small" type="primary" disabled={none} loading={replay.isPending} onClick={() => ask("replay", replay.mutate)}>
        {t("collect.quarantine.replay")}
      </Button>
      <Button size="small" danger disabled={none} loading={discard.isPending} onClick={() => ask("discard", discard.mutate)}>
        {t("collect.quarantine.discard")}
      </Button>
      {patching && <PatchMany first={first} pending={patch.isPending} close={() => setPatching(false)} apply={(change) => patch.mutate({ filter, patch: change })} />}
    </div>
  );
}

interface TableProps {
  items: HeldItem[];
  loading: boolean;
  /** Null: items cannot be chosen. */
  chosen: string[] | null;
  choose: (ids: string[]) => void;
}

function ItemTable({ items, loading, chosen, choose }: TableProps) {
  const { t } = useTranslation();
  const url = useUrlState();
  const reason = useReason();
  return (
    // Ant Design's own scrolling hides a copy of the checkbox in the header that the keyboard still reaches.
    <div style={{ overflowX: "auto" }}>
      <Table<HeldItem>
        size="small"
        style={{ minWidth: 860 }}
        rowKey="item_id"
        loading={loading}
        dataSource={items}
        pagination={false}
        rowSelection={
          chosen
            ? {
                selectedRowKeys: chosen,
                onChange: (keys) => choose(keys as string[]),
                getCheckboxProps: (item) => ({ "aria-label": `${reason(item.reason)} ${item.event}` }) as object,
              }
            : undefined
        }
        columns={[
          {
            title: t("collect.quarantine.received"),
            dataIndex: "received_at",
            width: 165,
            render: (at: string, item) => (
              <>
                <Typography.Link href={`?item=${item.item_id}`} onClick={(click) => (click.preventDefault(), url.change({ item: item.item_id }))}>
                  <Moment at={at} seconds />
                </Typography.Link>
                <SeenTimes item={item} />
              </>
            ),
          },
          {
            title: t("collect.quarantine.reasons"),
            dataIndex: "reason",
            render: (code: string, item) => (
              <>
                <strong>{reason(code)}</strong>
                <div>
                  <Typography.Text type="secondary">{item.detail}</Typography.Text>
                </div>
              </>
            ),
          },
          { title: t("collect.event"), dataIndex: "event", width: 130, ellipsis: true },
          { title: t("collect.quarantine.path"), dataIndex: "path", width: 150, ellipsis: true, render: (path: string) => <code>{path}</code> },
          { title: t("collect.source"), key: "source", width: 130, ellipsis: true, render: (_, item) => `${item.source} · ${item.protocol}` },
        ]}
      />
    </div>
  );
}
