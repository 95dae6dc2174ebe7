import { PlusOutlined } from "@/components/icons";
import { Button, Checkbox, Input, InputNumber, Select, Table, Tag, Typography } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useWording } from "@/components/page";
import { StatusTag, useDescription } from "./PlanEvents";
import { choicesOf, newProperty, type PlanProperty, type PropertyOutput, rulesText, STATUSES, TYPES } from "./planned";

interface Props {
  properties: PlanProperty[];
  change: (properties: PlanProperty[]) => void;
  disabled: boolean;
}

interface Row {
  place: number;
  property: PlanProperty & Partial<PropertyOutput>;
}

/** The properties of an event; a row opens to edit its rules. */
export function PropertyRules({ properties, change, disabled }: Props) {
  const { t } = useTranslation();
  const words = useWording();
  const described = useDescription();
  const [open, setOpen] = useState<number[]>([]);
  const rows: Row[] = properties.map((property, place) => ({ place, property }));
  const set = (place: number, changes: Partial<PlanProperty>) => change(properties.map((each, at) => (at === place ? { ...each, ...changes } : each)));
  const add = () => {
    change([...properties, newProperty()]);
    setOpen([...open, properties.length]);
  };
  return (
    <section aria-label={t("collect.properties")}>
      <div className="row between" style={{ marginBottom: 8 }}>
        <strong>{t("collect.properties")}</strong>
        {!disabled && (
          <Button size="small" icon={<PlusOutlined />} onClick={add}>
            {t("collect.plan.newProperty")}
          </Button>
        )}
      </div>
      <Table<Row>
        size="small"
        rowKey="place"
        dataSource={rows}
        pagination={false}
        scroll={{ x: 640 }}
        expandable={{
          expandedRowKeys: open,
          onExpandedRowsChange: (keys) => setOpen(keys.map(Number)),
          expandedRowRender: ({ place, property }) => <RuleFields property={property} set={(changes) => set(place, changes)} disabled={disabled} isNew={!property.seen} />,
        }}
        columns={[
          {
            title: t("collect.plan.propertyName"),
            key: "name",
            render: (_, { property }) => (
              <>
                <span style={{ fontWeight: 500 }}>{property.name || "…"}</span>
                {property.required && <Tag style={{ marginInlineStart: 8 }}>{t("collect.plan.required")}</Tag>}
                <div>
                  <Typography.Text type="secondary">{described(property.description)}</Typography.Text>
                </div>
              </>
            ),
          },
          { title: t("collect.plan.type"), key: "type", width: 110, render: (_, { property }) => t(property.type ? `collect.plan.types.${property.type}` : "collect.plan.anyType") },
          { title: t("collect.plan.rules"), key: "rules", width: 160, render: (_, { property }) => rulesText(property) || <Typography.Text type="secondary">{t("collect.plan.noRules")}</Typography.Text> },
          { title: t("collect.plan.status"), key: "status", width: 100, render: (_, { property }) => <StatusTag status={property.status} /> },
          { title: t("collect.plan.volume"), key: "count", width: 100, align: "right", render: (_, { property }) => <span className="figure">{words.number(property.seen?.count ?? 0)}</span> },
        ]}
      />
    </section>
  );
}

interface FieldsProps {
  property: Row["property"];
  set: (changes: Partial<PlanProperty>) => void;
  disabled: boolean;
  isNew: boolean;
}

function RuleFields({ property, set, disabled, isNew }: FieldsProps) {
  const { t } = useTranslation();
  const words = useWording();
  const typeName = (type: string) => {
    const known = TYPES.find((each) => each === type);
    return known ? t(`collect.plan.types.${known}`) : type;
  };
  const numeric = property.type === "number" || property.type === "number_list";
  return (
    <div className="row" style={{ gap: "10px 12px", alignItems: "flex-end", padding: "4px 0 8px" }}>
      {isNew && (
        <Field label={t("collect.plan.propertyName")}>
          {(label) => <Input aria-label={label} disabled={disabled} value={property.name} onChange={(event) => set({ name: event.target.value })} />}
        </Field>
      )}
      <Field label={t("collect.plan.status")}>
        {(label) => <Select aria-label={label} disabled={disabled} value={property.status} options={STATUSES.map((value) => ({ value, label: t(`collect.plan.statuses.${value}`) }))} onChange={(status) => set({ status })} />}
      </Field>
      <Field label={t("collect.plan.type")}>
        {(label) => (
          <Select
            aria-label={label}
            disabled={disabled}
            allowClear
            placeholder={t("collect.plan.anyType")}
            value={property.type ?? undefined}
            options={TYPES.map((value) => ({ value, label: t(`collect.plan.types.${value}`) }))}
            onChange={(type: PlanProperty["type"]) => set({ type: type ?? null, choices: choicesOf((property.choices ?? []).map(String), type) })}
          />
        )}
      </Field>
      <Field label={t("collect.plan.choices")} wide>
        {(label) => (
          <Select
            mode="tags"
            aria-label={label}
            disabled={disabled}
            open={false}
            suffixIcon={null}
            placeholder={t("collect.plan.choicesHint")}
            value={(property.choices ?? []).map(String)}
            onChange={(typed: string[]) => set({ choices: choicesOf(typed, property.type) })}
          />
        )}
      </Field>
      {numeric ? <BoundFields property={property} set={set} disabled={disabled} /> : (
        <Field label={t("collect.plan.pattern")}>
          {(label) => <Input aria-label={label} disabled={disabled} value={property.pattern ?? ""} spellCheck={false} onChange={(event) => set({ pattern: event.target.value || null })} />}
        </Field>
      )}
      <DescriptionFields property={property} set={set} disabled={disabled} />
      <Field label={t("collect.plan.owner")}>
        {(label) => <Input aria-label={label} disabled={disabled} value={property.owner} maxLength={200} onChange={(event) => set({ owner: event.target.value })} />}
      </Field>
      <Checkbox disabled={disabled} checked={property.required} onChange={(event) => set({ required: event.target.checked })} style={{ paddingBottom: 5 }}>
        {t("collect.plan.required")}
      </Checkbox>
      {property.seen_types && Object.keys(property.seen_types).length > 0 && (
        <Typography.Text type="secondary" style={{ flexBasis: "100%" }}>
          {t("collect.plan.seenTypes")}: {Object.entries(property.seen_types).map(([type, count]) => `${typeName(type)} ${words.number(count)}`).join(" · ")}
        </Typography.Text>
      )}
    </div>
  );
}

type PartProps = Omit<FieldsProps, "isNew">;

function BoundFields({ property, set, disabled }: PartProps) {
  const { t } = useTranslation();
  return (
    <>
      <Field label={t("collect.plan.minimum")}>
        {(label) => <InputNumber aria-label={label} disabled={disabled} style={{ width: "100%" }} value={property.minimum} onChange={(minimum) => set({ minimum })} />}
      </Field>
      <Field label={t("collect.plan.maximum")}>
        {(label) => <InputNumber aria-label={label} disabled={disabled} style={{ width: "100%" }} value={property.maximum} onChange={(maximum) => set({ maximum })} />}
      </Field>
    </>
  );
}

function DescriptionFields({ property, set, disabled }: PartProps) {
  const { t } = useTranslation();
  const { description } = property;
  return (
    <>
      <Field label={t("collect.plan.descriptionZh")} wide>
        {(label) => <Input aria-label={label} lang="zh-CN" disabled={disabled} value={description.zh} onChange={(event) => set({ description: { ...description, zh: event.target.value } })} />}
      </Field>
      <Field label={t("collect.plan.descriptionEn")} wide>
        {(label) => <Input aria-label={label} lang="en" disabled={disabled} value={description.en} onChange={(event) => set({ description: { ...description, en: event.target.value } })} />}
      </Field>
    </>
  );
}

function Field({ label, wide = false, children }: { label: string; wide?: boolean; children: (label: string) => ReactNode }) {
  return (
    <div className="stack" style={{ gap: 2, flex: wide ? "1 1 280px" : "1 1 150px", minWidth: 0 }}>
      <Typography.Text type="secondary" style={{ fontSize: 12 }}>
        {label}
      </Typography.Text>
      {children(label)}
    </div>
  );
}
