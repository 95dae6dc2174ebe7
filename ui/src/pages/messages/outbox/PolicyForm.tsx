import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Card, Checkbox, Form, InputNumber, Radio, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Failure } from "@/components/Failure";
import { DeleteOutlined, PlusOutlined } from "@/components/icons";
import { Waiting } from "@/components/Waiting";
import { useAction, useEventNames } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import { MEDIA, type Medium, type Policy } from "./queries";
import { Week } from "./Week";

const QUIET = { start: "21:00", end: "09:00", media: ["sms", "push"] as Medium[] };
const HALF_HOURS = Array.from({ length: 48 }, (_, half) => `${String(Math.floor(half / 2)).padStart(2, "0")}:${half % 2 ? "30" : "00"}`);

interface PartProps {
  held: Policy;
  hold: (policy: Policy) => void;
}

/** The rules that hold for every message. */
export function PolicyForm() {
  const { id: project_id } = useProject();
  const policy = useQuery({
    queryKey: ["message-policy", project_id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/messages/policy", { params: { path: { project_id } } })),
  });
  if (policy.error) return <Failure error={policy.error} retry={() => void policy.refetch()} />;
  if (policy.isPending) return <Waiting />;
  return <Held key={JSON.stringify(policy.data)} policy={policy.data} />;
}

function Held({ policy }: { policy: Policy }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const may = useMay("manage_project");
  const [held, hold] = useState(policy);
  const save = useAction(() => taken(api.PUT("/api/projects/{project_id}/messages/policy", { params: { path: { project_id } }, body: held })), { done: t("outbox.rules.saved"), refresh: [["message-policy", project_id]] });
  return (
    <Form layout="vertical" component="div" requiredMark={false} disabled={!may}>
      <div className="stack">
        <span style={{ opacity: 0.85 }}>{t("outbox.rules.hint")}</span>
        {!may && <Alert type="info" showIcon title={t("outbox.rules.mayNot")} />}
        <div className="two-columns">
          <Caps held={held} hold={hold} />
          <Quiet held={held} hold={hold} />
        </div>
        <Card size="small" title={t("outbox.rules.week")}>
          <Week policy={held} />
        </Card>
        <Others held={held} hold={hold} />
        {may && (
          <div>
            <Button type="primary" loading={save.isPending} onClick={() => save.mutate()}>
              {t("common.save")}
            </Button>
          </div>
        )}
      </div>
    </Form>
  );
}

function Caps({ held, hold }: PartProps) {
  const { t } = useTranslation();
  const caps = held.caps ?? [];
  const change = (place: number, part: Partial<(typeof caps)[number]>) => hold({ ...held, caps: caps.map((cap, each) => (each === place ? { ...cap, ...part } : cap)) });
  const media = [{ value: "*", label: t("outbox.rules.capAll") }, ...MEDIA.map((value) => ({ value: value as string, label: t(`outbox.media.${value}`) }))];
  return (
    <Card size="small" title={t("outbox.rules.caps")}>
      <div className="stack">
        <span style={{ opacity: 0.85 }}>{t("outbox.rules.capsHint")}</span>
        {caps.map((cap, place) => (
          <div className="row" key={place} data-testid="cap">
            <Select aria-label={t("outbox.mediumTitle")} style={{ width: 150 }} value={cap.medium ?? "*"} options={media} onChange={(medium: string) => change(place, { medium: medium === "*" ? null : (medium as Medium) })} />
            <span>{t("outbox.rules.most")}</span>
            <InputNumber aria-label={t("outbox.rules.most")} style={{ width: 80 }} min={1} max={1000} precision={0} value={cap.count} onChange={(count) => change(place, { count: count ?? 1 })} />
            <span>{t("outbox.rules.messages", { count: cap.count })}</span>
            <InputNumber aria-label={t("outbox.rules.hours")} style={{ width: 90 }} min={1} max={8784} precision={0} value={cap.hours} onChange={(hours) => change(place, { hours: hours ?? 24 })} />
            <span>{t("outbox.rules.inHours", { count: cap.hours })}</span>
            <Button type="text" icon={<DeleteOutlined />} aria-label={t("outbox.rules.dropCap")} onClick={() => hold({ ...held, caps: caps.filter((_, each) => each !== place) })} />
          </div>
        ))}
        <div>
          <Button icon={<PlusOutlined />} disabled={caps.length >= 20} onClick={() => hold({ ...held, caps: [...caps, { medium: null, count: 3, hours: 168 }] })}>
            {t("outbox.rules.addCap")}
          </Button>
        </div>
        <Form.Item label={t("outbox.rules.onCap")} style={{ marginBottom: 0 }}>
          <Radio.Group aria-label={t("outbox.rules.onCap")} optionType="button" value={held.on_cap} options={(["suppress", "wait"] as const).map((value) => ({ value, label: t(`outbox.rules.onCaps.${value}`) }))} onChange={(event) => hold({ ...held, on_cap: event.target.value as Policy["on_cap"] })} />
        </Form.Item>
      </div>
    </Card>
  );
}

function Quiet({ held, hold }: PartProps) {
  const { t } = useTranslation();
  const quiet = held.quiet_hours;
  const times = HALF_HOURS.map((value) => ({ value, label: value }));
  const change = (part: Partial<typeof QUIET>) => quiet && hold({ ...held, quiet_hours: { ...quiet, ...part } });
  return (
    <Card size="small" title={t("outbox.rules.quiet")}>
      <div className="stack">
        <span style={{ opacity: 0.85 }}>{t("outbox.rules.quietHint")}</span>
        <Checkbox checked={quiet !== null && quiet !== undefined} onChange={(event) => hold({ ...held, quiet_hours: event.target.checked ? QUIET : null })}>
          {t("outbox.rules.quietOn")}
        </Checkbox>
        {quiet && (
          <>
            <div className="row">
              <span>{t("outbox.rules.from")}</span>
              <Select aria-label={t("outbox.rules.from")} style={{ width: 100 }} value={quiet.start} options={times} onChange={(start: string) => change({ start })} />
              <span>{t("outbox.rules.until")}</span>
              <Select aria-label={t("outbox.rules.until")} style={{ width: 100 }} value={quiet.end} options={times} onChange={(end: string) => change({ end })} />
            </div>
            <Form.Item label={t("outbox.rules.quietMedia")} style={{ marginBottom: 0 }}>
              <Checkbox.Group aria-label={t("outbox.rules.quietMedia")} value={quiet.media} options={MEDIA.map((value) => ({ value, label: t(`outbox.media.${value}`) }))} onChange={(media) => change({ media: media as Medium[] })} />
            </Form.Item>
          </>
        )}
      </div>
    </Card>
  );
}

function Others({ held, hold }: PartProps) {
  const { t, i18n } = useTranslation();
  const { id: project_id } = useProject();
  const events = useEventNames();
  const purposes = useQuery({
    queryKey: ["consent", project_id, "purposes"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/consent/purposes", { params: { path: { project_id } } })),
  });
  return (
    <Card size="small" title={t("outbox.rules.time")}>
      <div className="form-grid">
        <Form.Item label={t("outbox.rules.sendTime")} htmlFor="policy-send-time" extra={t("outbox.rules.sendTimeHint")}>
          <Select<Policy["send_time"]> id="policy-send-time" value={held.send_time ?? "at_once"} options={(["at_once", "best_time"] as const).map((value) => ({ value, label: t(`outbox.sendTimes.${value}`) }))} onChange={(send_time) => hold({ ...held, send_time })} />
        </Form.Item>
        <Form.Item label={t("outbox.rules.priority")} htmlFor="policy-priority" extra={t("outbox.rules.priorityHint")}>
          <Select<Policy["priority"]> id="policy-priority" value={held.priority ?? "normal"} options={(["high", "normal", "low"] as const).map((value) => ({ value, label: t(`campaigns.plan.priorities.${value}`) }))} onChange={(priority) => hold({ ...held, priority })} />
        </Form.Item>
        <Form.Item label={t("outbox.rules.exempt")} extra={t("outbox.rules.exemptHint")}>
          <Select mode="multiple" aria-label={t("outbox.rules.exempt")} value={held.exempt_purposes} options={(purposes.data ?? []).map((each) => ({ value: each.key, label: i18n.language === "zh" ? each.name_zh : each.name_en }))} onChange={(exempt_purposes: string[]) => hold({ ...held, exempt_purposes })} />
        </Form.Item>
        <Form.Item label={t("outbox.rules.conversions")} extra={t("outbox.rules.conversionsHint")}>
          <Select mode="tags" maxCount={20} aria-label={t("outbox.rules.conversions")} value={held.conversion_events} options={events} onChange={(conversion_events: string[]) => hold({ ...held, conversion_events })} />
        </Form.Item>
        <Form.Item label={t("outbox.rules.window")} htmlFor="conversion-hours">
          <InputNumber id="conversion-hours" min={1} max={2160} precision={0} value={held.conversion_hours} onChange={(hours) => hold({ ...held, conversion_hours: hours ?? 72 })} />
        </Form.Item>
      </div>
      <span style={{ opacity: 0.85 }}>{t("outbox.rules.timeHint")}</span>
      <Form.Item label={t("outbox.rules.keep")} htmlFor="keep-content-days" extra={t("outbox.rules.keepHint")} style={{ marginTop: 16, marginBottom: 0 }}>
        <InputNumber id="keep-content-days" min={0} max={3650} precision={0} value={held.keep_content_days} onChange={(days) => hold({ ...held, keep_content_days: days ?? 90 })} />
      </Form.Item>
    </Card>
  );
}
