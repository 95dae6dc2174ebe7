import { useQuery } from "@tanstack/react-query";
import { Alert, App, Button, Descriptions, Drawer, Form, Input, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { Moment, useAction, useUrlState, useWording } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import { changedProperties, firstFault, type PlanEvent, type PlanProperty, STATUSES } from "./planned";
import { PropertyRules } from "./PropertyRules";

/** An event of the plan with its properties; open while the address names one, or asks for a new one. */
export function EventDrawer() {
  const { t } = useTranslation();
  const project = useProject();
  const url = useUrlState();
  const name = url.get("event");
  const isNew = url.get("new") === "1";
  const close = () => url.change({ event: null, new: null });
  const event = useQuery({
    queryKey: ["plan-event", project.id, name],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/catalog/event", { params: { path: { project_id: project.id }, query: { event: name } } })),
    enabled: name !== "",
  });
  return (
    <Drawer open={isNew || name !== ""} onClose={close} size={820} title={isNew ? t("collect.plan.newEvent") : name} destroyOnHidden styles={{ body: { paddingTop: 12 } }}>
      {isNew && <EventForm event={null} close={close} />}
      {!isNew && name !== "" && event.isPending && <Waiting />}
      {!isNew && event.error && <Failure error={event.error} retry={() => void event.refetch()} />}
      {!isNew && event.data && <EventForm key={event.dataUpdatedAt} event={event.data} close={close} />}
    </Drawer>
  );
}

type Entered = Pick<PlanEvent, "name" | "status" | "owner" | "description">;

function EventForm({ event, close }: { event: Schemas["EventOutput"] | null; close: () => void }) {
  const { t } = useTranslation();
  const may = useMay("edit_data");
  const [properties, setProperties] = useState<PlanProperty[]>(event?.properties ?? []);
  const [fault, setFault] = useState<string | null>(null);
  const { save, remove } = useEventActions(close);
  const submit = (entered: Entered) => {
    const found = firstFault(properties);
    const place = (found?.place ?? 0) + 1;
    const words = { name: t("collect.plan.fault", { place }), range: t("collect.plan.badRange"), pattern: t("collect.plan.badPattern") };
    setFault(found && (found.kind === "name" ? words.name : `${properties[found.place]?.name}: ${words[found.kind]}`));
    if (!found) save.mutate({ ...entered, properties: changedProperties(event?.properties ?? [], properties) });
  };
  const initial: Entered = event ?? { name: "", status: "active", owner: "", description: { zh: "", en: "" } };
  return (
    <Form<Entered> layout="vertical" initialValues={initial} onFinish={submit} disabled={!may} requiredMark={false}>
      {event ? (
        <>
          <SeenFigures event={event} />
          <Form.Item name="name" hidden>
            <Input />
          </Form.Item>
        </>
      ) : (
        <Form.Item name="name" label={t("collect.plan.eventName")} rules={[{ required: true, whitespace: true, max: 255, message: t("collect.sources.required") }]}>
          <Input autoFocus autoComplete="off" />
        </Form.Item>
      )}
      <EventFields />
      <PropertyRules properties={properties} change={setProperties} disabled={!may} />
      {fault && <Alert type="error" showIcon title={fault} style={{ marginTop: 12 }} />}
      {may && (
        <div className="row between" style={{ marginTop: 16 }}>
          <Button type="primary" htmlType="submit" loading={save.isPending}>
            {t("common.save")}
          </Button>
          {event && <RemoveButton name={event.name} remove={() => remove.mutate(event.name)} />}
        </div>
      )}
    </Form>
  );
}

function SeenFigures({ event }: { event: Schemas["EventOutput"] }) {
  const { t } = useTranslation();
  const words = useWording();
  const { count, first_ms, last_ms } = event.seen;
  const never = t("collect.plan.neverSeen");
  return (
    <Descriptions
      size="small"
      style={{ marginBottom: 12 }}
      column={3}
      items={[
        { key: "count", label: t("collect.plan.volume"), children: words.number(count) },
        { key: "first", label: t("collect.plan.firstSeen"), children: first_ms ? <Moment at={first_ms} /> : never },
        { key: "last", label: t("collect.plan.lastSeen"), children: last_ms ? <Moment at={last_ms} /> : never },
      ]}
    />
  );
}

function EventFields() {
  const { t } = useTranslation();
  const half = { flex: "1 1 240px", marginBottom: 12 };
  return (
    <>
      <div className="row" style={{ gap: "0 12px", alignItems: "flex-start" }}>
        <Form.Item name="status" label={t("collect.plan.status")} style={half}>
          <Select options={STATUSES.map((value) => ({ value, label: t(`collect.plan.statuses.${value}`), title: t(`collect.plan.statusHints.${value}`) }))} />
        </Form.Item>
        <Form.Item name="owner" label={t("collect.plan.owner")} style={half}>
          <Input maxLength={200} />
        </Form.Item>
      </div>
      <div className="row" style={{ gap: "0 12px", alignItems: "flex-start" }}>
        <Form.Item name={["description", "zh"]} label={t("collect.plan.descriptionZh")} style={half}>
          <Input.TextArea autoSize={{ minRows: 1, maxRows: 5 }} lang="zh-CN" />
        </Form.Item>
        <Form.Item name={["description", "en"]} label={t("collect.plan.descriptionEn")} style={half}>
          <Input.TextArea autoSize={{ minRows: 1, maxRows: 5 }} lang="en" />
        </Form.Item>
      </div>
    </>
  );
}

function useEventActions(close: () => void) {
  const { t } = useTranslation();
  const project = useProject();
  const params = { path: { project_id: project.id } };
  const refresh = [["plan-events", project.id], ["plan-event", project.id], ["event-names", project.id]];
  const save = useAction((body: PlanEvent) => taken(api.PUT("/api/projects/{project_id}/catalog/event", { params, body })), {
    done: t("common.saved"),
    refresh,
    onDone: close,
  });
  const remove = useAction(
    (event: string) => api.DELETE("/api/projects/{project_id}/catalog/event", { params: { ...params, query: { event } } }),
    { done: t("common.removed"), refresh, onDone: close },
  );
  return { save, remove };
}

function RemoveButton({ name, remove }: { name: string; remove: () => void }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const ask = () =>
    modal.confirm({ title: t("collect.plan.removeConfirm", { name }), okButtonProps: { danger: true }, okText: t("collect.plan.remove"), onOk: remove });
  return (
    <Button danger onClick={ask}>
      {t("collect.plan.remove")}
    </Button>
  );
}
