import type { TFunction } from "i18next";
import { Drawer, Table } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { LoadMore, Mark, Moment, usePages } from "@/components/page";
import { nameOf, personAddress } from "@/pages/people/naming";
import { PersonMark } from "@/pages/people/PeopleTable";
import { useProject } from "@/session/session";
import type { Journey, Passage } from "../common/types";
import { useSummary } from "../common/useSummary";
import { Trace } from "./Trace";

export interface Wanted {
  node?: string;
  person?: string;
  state?: "inside" | "left";
}

/** Ways of people through a journey; each opens with every move. */
export function PassageTable({ journey, wanted, opened = false }: { journey: Journey; wanted: Wanted; opened?: boolean }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const words = useSummary();
  const list = usePages(["journeys", project_id, "people", journey.id, wanted], (cursor) => taken(api.GET("/api/projects/{project_id}/journeys/{journey_id}/people", { params: { path: { project_id, journey_id: journey.id }, query: { ...wanted, cursor, limit: 50 } } })));
  if (list.error) return <Failure error={list.error} retry={() => void list.refetch()} />;
  if (!list.isPending && !list.items.length) return <Empty title={t(wanted.person ? "journeys.people.notFound" : "journeys.people.empty")} />;
  return (
    <div className="stack">
      <Table<Passage>
        key={opened && list.items.length ? "opened" : "closed"}
        size="small"
        rowKey="id"
        loading={list.isPending}
        dataSource={list.items}
        pagination={false}
        scroll={{ x: 640 }}
        expandable={{
          defaultExpandedRowKeys: opened ? list.items.slice(0, 1).map((each) => each.id) : [],
          expandedRowRender: (passage) => <Trace journey={journey} passage={passage} />,
        }}
        columns={[
          { title: t("journeys.people.person"), key: "person", width: 220, render: (_, passage) => <Who person={passage.person} id={passage.person_id} /> },
          { title: t("journeys.people.at"), key: "node", render: (_, passage) => (passage.state === "inside" ? words.title(journey.draft, passage.node) : <Mark tone="quiet">{reasonText(passage.reason, t)}</Mark>) },
          { title: t("journeys.people.entered"), key: "entered", width: 160, render: (_, passage) => <Moment at={passage.entered_ms} /> },
          { title: t("journeys.people.goal"), key: "goal", width: 160, render: (_, passage) => <Moment at={passage.converted_ms} /> },
          { title: t("journeys.version"), dataIndex: "version", width: 70, align: "right" },
        ]}
      />
      <LoadMore list={list} />
    </div>
  );
}

/** A person with a link; of whom nothing is recorded any more, the number. */
export function Who({ person, id }: { person: Passage["person"]; id: string }) {
  const { id: projectId } = useProject();
  if (!person) return <span className="figure">#{id}</span>;
  const name = nameOf(person);
  return (
    <span className="row" style={{ flexWrap: "nowrap" }}>
      <PersonMark name={name} id={id} size={26} />
      <Link to={personAddress(projectId, person)}>{name}</Link>
    </span>
  );
}

const REASONS = ["completed", "done", "goal", "event", "left_audience", "stopped", "merged", "no_place"];

export function reasonText(reason: string | null, t: TFunction): string {
  return reason && REASONS.includes(reason) ? t(`journeys.reasons.${reason as "done"}`) : (reason ?? "");
}

/** Who is at a node now. */
export function PeopleDrawer({ journey, node, close }: { journey: Journey; node: string; close: () => void }) {
  const { t } = useTranslation();
  const words = useSummary();
  return (
    <Drawer open size={860} title={t("journeys.people.atNode", { name: words.title(journey.draft, node) })} onClose={close} destroyOnHidden>
      <PassageTable journey={journey} wanted={{ node, state: "inside" }} />
    </Drawer>
  );
}
