import { Input, Select, Table, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useProject } from "@/session/session";
import { type Column, type Mapping, MISSING, type Role, roleOf, ROLES, ruleOf, VALUE_TYPES, type ValueType, withKind, withRole, withRule } from "./mapping";

interface Props {
  mapping: Mapping;
  columns: Column[];
  change: (mapping: Mapping) => void;
}

/** The mapping as a form: what the file holds, then a row for each column. */
export function MappingForm({ mapping, columns, change }: Props) {
  return (
    <div className="stack">
      <FileRules mapping={mapping} change={change} />
      <ColumnTable mapping={mapping} columns={columns} change={change} />
    </div>
  );
}

function Choice({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="stack" style={{ gap: 2, flex: "1 1 200px", maxWidth: 320 }}>
      <Typography.Text type="secondary" style={{ fontSize: 12 }}>
        {label}
      </Typography.Text>
      {children}
    </div>
  );
}

function FileRules({ mapping, change }: Omit<Props, "columns">) {
  const { t } = useTranslation();
  const { event, time, distinct_id: person } = mapping;
  const kind = event ? "events" : "people";
  return (
    <div className="row" style={{ alignItems: "flex-end", gap: 12 }}>
      <Choice label={t("collect.imports.kind")}>
        <Select<"events" | "people">
          aria-label={t("collect.imports.kind")}
          value={kind}
          options={(["events", "people"] as const).map((value) => ({ value, label: t(`collect.imports.kinds.${value}`) }))}
          onChange={(chosen) => change(withKind(mapping, chosen))}
        />
      </Choice>
      {event && !event.column && !event.template && (
        <Choice label={t("collect.imports.eventConstant")}>
          <Input aria-label={t("collect.imports.eventConstant")} value={event.constant ?? ""} onChange={(typed) => change({ ...mapping, event: { ...event, constant: typed.target.value } })} />
        </Choice>
      )}
      {time && (
        <>
          <Choice label={t("collect.imports.timeFormat")}>
            <Input aria-label={t("collect.imports.timeFormat")} value={time.format} onChange={(typed) => change({ ...mapping, time: { ...time, format: typed.target.value } })} />
          </Choice>
          <Choice label={t("collect.imports.timeZone")}>
            <Input aria-label={t("collect.imports.timeZone")} value={time.timezone} onChange={(typed) => change({ ...mapping, time: { ...time, timezone: typed.target.value } })} />
          </Choice>
        </>
      )}
      <Choice label={t("collect.imports.missing")}>
        <Select
          aria-label={t("collect.imports.missing")}
          value={person.missing}
          options={MISSING.map((value) => ({ value, label: t(`collect.imports.missings.${value}`) }))}
          onChange={(missing) => change({ ...mapping, distinct_id: { ...person, missing, constant: missing === "constant" ? (person.constant ?? "") : null } })}
        />
      </Choice>
      {person.missing === "constant" && (
        <Choice label={t("collect.imports.constantId")}>
          <Input aria-label={t("collect.imports.constantId")} value={person.constant ?? ""} onChange={(typed) => change({ ...mapping, distinct_id: { ...person, constant: typed.target.value } })} />
        </Choice>
      )}
      <Choice label={t("collect.imports.otherColumns")}>
        <Select
          aria-label={t("collect.imports.otherColumns")}
          value={mapping.other_columns}
          options={(["skip", "keep"] as const).map((value) => ({ value, label: t(`collect.imports.others.${value}`) }))}
          onChange={(other_columns) => change({ ...mapping, other_columns })}
        />
      </Choice>
    </div>
  );
}

function ColumnTable({ mapping, columns, change }: Props) {
  const { t } = useTranslation();
  const zone = useProject().time_zone;
  const roles = ROLES.filter((role) => mapping.event !== null || !["event", "time", "property"].includes(role));
  return (
    <Table<Column>
      size="small"
      rowKey="column"
      dataSource={columns}
      pagination={false}
      scroll={{ x: 900 }}
      columns={[
        { title: t("collect.imports.column"), dataIndex: "column", width: 150, render: (name: string) => <strong style={{ overflowWrap: "anywhere" }}>{name}</strong> },
        {
          title: t("collect.imports.role"),
          key: "role",
          width: 150,
          render: (_, { column }) => (
            <Select<Role>
              size="small"
              style={{ width: "100%" }}
              aria-label={`${column}: ${t("collect.imports.role")}`}
              value={roleOf(mapping, column)}
              options={roles.map((value) => ({ value, label: t(`collect.imports.roles.${value}`) }))}
              onChange={(role) => change(withRole(mapping, column, role, zone))}
            />
          ),
        },
        { title: t("collect.imports.target"), key: "target", width: 170, render: (_, { column }) => <RuleName mapping={mapping} column={column} change={change} /> },
        { title: t("collect.imports.type"), key: "type", width: 120, render: (_, { column }) => <RuleType mapping={mapping} column={column} change={change} /> },
        { title: t("collect.imports.examples"), dataIndex: "examples", ellipsis: true, render: (examples: string[]) => examples.join(" · ") },
        { title: t("collect.imports.why"), dataIndex: "why", width: 200, render: (why: string) => <Typography.Text type="secondary">{why}</Typography.Text> },
      ]}
    />
  );
}

interface RuleProps {
  mapping: Mapping;
  column: string;
  change: (mapping: Mapping) => void;
}

function RuleName({ mapping, column, change }: RuleProps) {
  const { t } = useTranslation();
  const rule = ruleOf(mapping, column);
  if (!rule) return null;
  return (
    <Input
      size="small"
      aria-label={`${column}: ${t("collect.imports.target")}`}
      value={rule.name}
      status={rule.name === "" ? "error" : undefined}
      onChange={(typed) => change(withRule(mapping, column, { name: typed.target.value }))}
    />
  );
}

function RuleType({ mapping, column, change }: RuleProps) {
  const { t } = useTranslation();
  const rule = ruleOf(mapping, column);
  if (!rule) return null;
  return (
    <Select<ValueType>
      size="small"
      style={{ width: "100%" }}
      aria-label={`${column}: ${t("collect.imports.type")}`}
      value={rule.type}
      options={VALUE_TYPES.map((value) => ({ value, label: t(`collect.imports.types.${value}`) }))}
      onChange={(type) => change(withRule(mapping, column, { type }))}
    />
  );
}
