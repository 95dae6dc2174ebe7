import { TeamOutlined } from "@/components/icons";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Drawer, Input, Popover, Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, taken } from "@/api/client";
import { useMetrics } from "@/query/metrics";
import { partsOf } from "@/query/parts";
import { peopleBehind, type PersonBehind, sendable } from "@/query/run";
import type { Query } from "@/query/types";
import { Table } from "@/results/Table";
import type { Selection } from "@/results/types";
import { useMay, useProject } from "@/session/session";
import { Failure } from "./Failure";
import { useAction } from "./page/useAction";
import { Waiting } from "./Waiting";

export interface Behind {
  query: Query;
  selection: Selection;
  title: string;
}

const MOST_PROPERTIES = 4;

/** The people behind a number, who can be opened one by one or saved as an audience. */
export function PeopleDrawer({ behind, close }: { behind: Behind | null; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Drawer open={behind !== null} onClose={close} size={760} title={behind ? `${t("insights.people")} · ${behind.title}` : ""} destroyOnHidden>
      {behind && <Parted behind={behind} />}
    </Drawer>
  );
}

/** The people of the one number, or of one of those that it is computed from. */
function Parted({ behind }: { behind: Behind }) {
  const { t } = useTranslation();
  const { query, selection } = behind;
  const ofMetrics = query.kind === "trend" && query.series.some((series) => series.metric);
  const metrics = useMetrics(ofMetrics);
  const [chosen, choose] = useState(0);
  const parts = partsOf(query, selection, metrics.items);
  if (!metrics.ready) return <Waiting />;
  const part = parts[chosen] ?? parts[0];
  if (!part) return <Found behind={behind} />;
  return (
    <div className="stack">
      <span id="parts">{t("insights.madeOf")}</span>
      <Radio.Group aria-labelledby="parts" optionType="button" value={chosen} onChange={(event) => choose(event.target.value as number)} options={parts.map(({ name }, value) => ({ value, label: name }))} />
      <Found key={chosen} behind={{ query: part.query, selection: part.selection, title: `${behind.title} · ${part.name}` }} />
    </div>
  );
}

function Found({ behind }: { behind: Behind }) {
  const { t } = useTranslation();
  const project = useProject();
  const maySave = useMay("edit_insights");
  const found = useInfiniteQuery({
    queryKey: ["behind", project.id, behind.query, behind.selection],
    queryFn: ({ pageParam }) => peopleBehind(project.id, behind.query, behind.selection, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
  if (found.isPending) return <Waiting />;
  if (found.error) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const people = found.data.pages.flatMap((page) => page.items);
  const properties = mostShared(people);
  return (
    <div className="stack">
      <div className="row between">
        <span>{t("insights.peopleHint")}</span>
        {maySave && <SaveAsAudience behind={behind} />}
      </div>
      <Table<PersonBehind>
        rows={people}
        keyOf={(person) => person.person_id}
        pageSize={1000}
        columns={[
          {
            title: t("nav.pages.people"),
            key: "id",
            show: (person) => <Link to={`/p/${project.id}/person?person=${encodeURIComponent(person.distinct_ids[0] ?? person.person_id)}`}>{person.distinct_ids[0] ?? person.person_id}</Link>,
          },
          ...properties.map((name) => ({ title: name, key: name, show: (person: PersonBehind) => textOf(person.properties[name]) })),
        ]}
      />
      {found.hasNextPage && (
        <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t("common.loadMore")}
        </Button>
      )}
    </div>
  );
}

function SaveAsAudience({ behind }: { behind: Behind }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const [name, setName] = useState(behind.title.slice(0, 100));
  const [open, setOpen] = useState(false);
  const body = { name, description: "", people: { query: sendable(behind.query), selection: behind.selection } };
  const save = useAction(() => taken(api.POST("/api/projects/{project_id}/audiences", { params: { path: { project_id } }, body: body as never })), {
    done: (audience) => t("insights.audienceSaved", { count: audience.size }),
    refresh: [["audiences", project_id]],
    onDone: () => setOpen(false),
  });
  const content = (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Input aria-label={t("insights.audienceName")} value={name} maxLength={200} onChange={(event) => setName(event.target.value)} style={{ width: 220 }} />
      <Button type="primary" htmlType="submit" loading={save.isPending} disabled={!name.trim()}>
        {t("common.save")}
      </Button>
    </form>
  );
  return (
    <Popover open={open} onOpenChange={setOpen} trigger="click" content={content} placement="bottomRight">
      <Button icon={<TeamOutlined />}>{t("insights.saveAsAudience")}</Button>
    </Popover>
  );
}

/** The properties that most of some people have. */
export function mostShared(people: readonly PersonBehind[]): string[] {
  const counts = new Map<string, number>();
  for (const person of people) for (const name of Object.keys(person.properties)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((one, other) => other[1] - one[1] || one[0].localeCompare(other[0])).slice(0, MOST_PROPERTIES).map(([name]) => name);
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
