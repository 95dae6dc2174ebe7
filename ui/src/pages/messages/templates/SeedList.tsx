import { Button, Card, Input, Select, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { DeleteOutlined } from "@/components/icons";
import { useAction } from "@/components/page";
import { Waiting } from "@/components/Waiting";
import { useMay, useProject } from "@/session/session";
import { MediumMark } from "../common/MediumMark";
import { useSeeds } from "../common/queries";
import { MEDIA, type Medium, type Seed } from "../common/types";

const NOBODY: Seed = { medium: "email", address: "", name: "" };

/** Who gets tests, whatever the template. */
export function SeedList() {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const may = useMay("edit_data");
  const seeds = useSeeds(may);
  const [added, add] = useState<Seed>(NOBODY);
  const save = useAction((list: Seed[]) => taken(api.PUT("/api/projects/{project_id}/messages/seeds", { params: { path: { project_id } }, body: { seeds: list } as never })), {
    done: t("templates.seeds.saved"),
    refresh: [["seeds", project_id]],
    onDone: () => add(NOBODY),
  });
  if (!may) return <Empty title={t("templates.tabs.seeds")} hint={t("templates.seeds.mayNot")} />;
  if (seeds.error) return <Failure error={seeds.error} retry={() => void seeds.refetch()} />;
  if (!seeds.data) return <Waiting />;
  const list = seeds.data;
  const put = () => {
    if (added.address.trim()) save.mutate([...list, { ...added, address: added.address.trim(), name: (added.name ?? "").trim() }]);
  };
  return (
    <div className="stack">
      <span>{t("templates.seeds.hint")}</span>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          put();
        }}
      >
        <Select aria-label={t("templates.medium")} style={{ width: 140 }} value={added.medium} options={MEDIA.map((value) => ({ value, label: t(`templates.media.${value}`) }))} onChange={(medium: Medium) => add({ ...added, medium })} />
        <Input style={{ width: 260 }} aria-label={t("templates.seeds.address")} placeholder={t("templates.seeds.address")} maxLength={1000} value={added.address} onChange={(event) => add({ ...added, address: event.target.value })} />
        <Input style={{ width: 160 }} aria-label={t("templates.seeds.name")} placeholder={t("templates.seeds.name")} maxLength={200} value={added.name} onChange={(event) => add({ ...added, name: event.target.value })} />
        <Button htmlType="submit" type="primary" loading={save.isPending} disabled={!added.address.trim()}>
          {t("templates.seeds.add")}
        </Button>
      </form>
      {list.length === 0 ? (
        <Empty title={t("templates.seeds.empty")} hint={t("templates.seeds.emptyHint")} />
      ) : (
        <Card styles={{ body: { padding: 0 } }}>
          <Table<Seed>
            size="small"
            rowKey={(each) => `${each.medium} ${each.address}`}
            dataSource={list}
            pagination={false}
            columns={[
              { title: t("templates.medium"), key: "medium", width: 140, render: (_, each) => <MediumMark medium={each.medium as Medium} /> },
              { title: t("templates.seeds.address"), dataIndex: "address", key: "address" },
              { title: t("templates.seeds.name"), dataIndex: "name", key: "name" },
              { title: <span className="sr-only">{t("common.actions")}</span>, key: "verbs", width: 60, render: (_, each) => <Button size="small" type="text" danger icon={<DeleteOutlined />} aria-label={t("templates.seeds.removeOf", { address: each.address })} onClick={() => save.mutate(list.filter((other) => other !== each))} /> },
            ]}
          />
        </Card>
      )}
    </div>
  );
}
