import { Avatar, Table, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Moment, valueText } from "@/components/page";
import { useProject } from "@/session/session";
import { nameOf, personAddress } from "./naming";

export interface Listed {
  person_id: string;
  distinct_ids: string[];
  properties: Record<string, unknown>;
  first_seen?: string | null;
  updated_at?: string | null;
}

interface Props {
  people: Listed[];
  loading: boolean;
  properties: readonly string[];
  /** Whether the list knows when people were first seen and last changed. */
  moments?: boolean;
}

/** People with some of their properties. */
export function PeopleTable({ people, loading, properties, moments = false }: Props) {
  const { t } = useTranslation();
  return (
    <Table<Listed>
      size="small"
      rowKey="person_id"
      loading={loading}
      dataSource={people}
      pagination={false}
      scroll={{ x: 320 + properties.length * 160 + (moments ? 320 : 0) }}
      columns={[
        { title: t("people.list.person"), key: "person", width: 280, fixed: "start", render: (_, person) => <Who person={person} /> },
        ...properties.map((name) => ({
          title: name,
          key: name,
          width: 160,
          ellipsis: true,
          render: (_: unknown, person: Listed) => valueText(person.properties[name]),
        })),
        ...(moments
          ? [
              { title: t("people.list.firstSeen"), dataIndex: "first_seen", width: 160, render: (at: string | null) => <Moment at={at} /> },
              { title: t("people.list.updatedAt"), dataIndex: "updated_at", width: 160, render: (at: string | null) => <Moment at={at} /> },
            ]
          : []),
      ]}
    />
  );
}

function Who({ person }: { person: Listed }) {
  const { t } = useTranslation();
  const project = useProject();
  const name = nameOf(person);
  const id = person.distinct_ids[0];
  const more = person.distinct_ids.length - 1;
  return (
    <div className="row" style={{ flexWrap: "nowrap" }}>
      <PersonMark name={name} id={person.person_id} />
      <div style={{ minWidth: 0 }}>
        <Link to={personAddress(project.id, person)}>{name}</Link>
        <div style={{ overflow: "hidden", textOverflow: "ellipsis" }}>
          <Typography.Text type="secondary" style={{ fontSize: 12 }}>
            {id !== name && id}
            {more > 0 && ` ${t("people.list.ids", { count: more })}`}
          </Typography.Text>
        </div>
      </div>
    </div>
  );
}

// Dark enough for white letters.
const COLOURS = ["#3355ff", "#0f766e", "#9333ea", "#b45309", "#be185d", "#15803d", "#0369a1", "#7c3aed"];

/** A round mark with the first letter, always of the same colour for the same person. */
export function PersonMark({ name, id, size = 30 }: { name: string; id: string; size?: number }) {
  const colour = COLOURS[Number(BigInt(id) % BigInt(COLOURS.length))];
  return (
    <Avatar size={size} aria-hidden style={{ background: colour, flex: "none" }}>
      {[...name.replace(/^[#$]/, "")][0]?.toUpperCase()}
    </Avatar>
  );
}
