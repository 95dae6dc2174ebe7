import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Card, Form, Input, InputNumber, Modal, Select, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { PageFrame, useAction } from "@/components/page";
import { useMay, useMe, useProject } from "@/session/session";
import { Embedding } from "./Embedding";
import { changeOf, enteredOf, type Entered } from "./settings";

/** How everything in the project is counted. */
export function ProjectSettingsPage() {
  const { t } = useTranslation();
  const { id } = useProject();
  const project = useQuery({ queryKey: ["project", id], queryFn: () => taken(api.GET("/api/projects/{project_id}", { params: { path: { project_id: id } } })) });
  if (project.isPending) return <Waiting />;
  if (project.error) return <Failure error={project.error} retry={() => void project.refetch()} />;
  return (
    <PageFrame title={t("access.settings.title")} hint={t("access.settings.hint")}>
      <div className="stack" style={{ maxWidth: 720, gap: 16 }}>
        <General key={project.dataUpdatedAt} project={project.data} />
        <Embedding />
        <DangerZone project={project.data} />
      </div>
    </PageFrame>
  );
}

// The first of January 2024 was a Monday.
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;
const ZONES = ["UTC", ...Intl.supportedValuesOf("timeZone")].map((value) => ({ value, label: value }));

const WITH_OFFSET = /^\s*(\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d))?\s*$/;

function General({ project }: { project: Schemas["ProjectOutput"] }) {
  const { t, i18n } = useTranslation();
  const weekday = (number: number) => new Intl.DateTimeFormat(i18n.language, { weekday: "long", timeZone: "UTC" }).format(Date.UTC(2024, 0, number));
  const manages = useMay("manage_project");
  const queries = useQueryClient();
  const [form] = Form.useForm<Entered>();
  const now = Form.useWatch([], form) ?? enteredOf(project);
  const change = useAction(
    (body: Schemas["ProjectChange"]) => taken(api.PATCH("/api/projects/{project_id}", { params: { path: { project_id: project.id } }, body })),
    { done: t("common.saved"), refresh: [["me"]], onDone: (after) => queries.setQueryData(["project", project.id], after) },
  );
  const required = { required: true, message: t("access.required") };
  const changed = Object.keys(changeOf(project, { ...enteredOf(project), ...now })).length > 0;
  return (
    <Card size="small" title={t("access.settings.general")}>
      <Form<Entered> form={form} layout="vertical" requiredMark={false} disabled={!manages} initialValues={enteredOf(project)} onFinish={(entered) => change.mutate(changeOf(project, entered))}>
        <Form.Item name="name" label={t("access.settings.name")} rules={[{ ...required, whitespace: true }]} extra={`${t("access.settings.id")}: ${project.id}`}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="time_zone" label={t("access.settings.timeZone")} extra={t("access.settings.timeZoneHint")} rules={[required]}>
          <Select showSearch={{ optionFilterProp: "label" }} options={ZONES.some((zone) => zone.value === project.time_zone) ? ZONES : [{ value: project.time_zone, label: project.time_zone }, ...ZONES]} />
        </Form.Item>
        <Form.Item name="first_weekday" label={t("access.settings.firstWeekday")}>
          <Select options={WEEKDAYS.map((value) => ({ value, label: weekday(value) }))} />
        </Form.Item>
        <Form.Item name="session_gap_minutes" label={t("access.settings.sessionGap")} extra={t("access.settings.sessionGapHint")} rules={[required]}>
          <InputNumber min={1} max={1440} precision={0} style={{ width: 160 }} />
        </Form.Item>
        <Form.Item name="currency" label={t("access.settings.currency")} extra={t("access.settings.currencyHint")} normalize={(typed: string) => typed.toUpperCase()} rules={[required, { pattern: /^[A-Z]{3}$/, message: t("access.settings.badCurrency") }]}>
          <Input maxLength={3} style={{ width: 160 }} />
        </Form.Item>
        <Form.Item name="as_of" label={t("access.settings.asOf")} extra={t("access.settings.asOfHint")} rules={[{ pattern: WITH_OFFSET, message: t("access.settings.badAsOf") }]}>
          <Input allowClear maxLength={40} style={{ width: 320 }} placeholder="2017-12-31T23:59:59-05:00" />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={change.isPending} disabled={!manages || !changed} title={changed ? undefined : t("access.settings.unchanged")}>
          {t("common.save")}
        </Button>
      </Form>
    </Card>
  );
}

function DangerZone({ project }: { project: Schemas["ProjectOutput"] }) {
  const { t } = useTranslation();
  const me = useMe();
  const mayDelete = useMay("manage_project") && me.member.instance_owner;
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const remove = useAction(() => api.DELETE("/api/projects/{project_id}", { params: { path: { project_id: project.id } } }), {
    done: t("access.settings.deleted"),
    refresh: [["me"]],
    onDone: () => void navigate("/"),
  });
  return (
    <Card size="small" title={t("access.settings.danger")}>
      <div className="row between">
        <Typography.Text>{t(mayDelete ? "access.settings.deleteHint" : "access.settings.deleteOnlyOwner")}</Typography.Text>
        <Button danger disabled={!mayDelete} onClick={() => setOpen(true)}>
          {t("access.settings.delete")}
        </Button>
      </div>
      <Modal
        open={open}
        destroyOnHidden
        title={t("access.settings.deleteTitle", { name: project.name })}
        okText={t("access.settings.delete")}
        okButtonProps={{ danger: true, disabled: typed.trim() !== project.id, loading: remove.isPending }}
        onOk={() => remove.mutate()}
        onCancel={() => setOpen(false)}
        afterClose={() => setTyped("")}
      >
        <div className="stack">
          <span>{t("access.settings.deleteConfirm", { id: project.id })}</span>
          <Input autoFocus value={typed} aria-label={t("access.settings.id")} onChange={(event) => setTyped(event.target.value)} />
        </div>
      </Modal>
    </Card>
  );
}
