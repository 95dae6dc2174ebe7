import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Card, Form, Input, InputNumber, Segmented, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ApiError, ownHeaders, refusalOf, taken } from "@/api/client";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { useAction } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import { useTemplateChoice } from "../common/queries";
import { useChannels } from "../outbox/queries";
import type { ConsentPolicy } from "./queries";

const NUMBERS = ["confirm_hours", "soft_bounces", "soft_days", "soft_suppressed_days"] as const;
const LABELS = { confirm_hours: "confirmHours", soft_bounces: "soft", soft_days: "softDays", soft_suppressed_days: "softFor" } as const;
const MOST = { confirm_hours: 8760, soft_bounces: 100, soft_days: 365, soft_suppressed_days: 3650 } as const;

/** What the page of preferences says, how people are asked to confirm, and how it looks. */
export function PageSettings() {
  const { id: project_id } = useProject();
  const policy = useQuery({
    queryKey: ["consent", project_id, "policy"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/consent/policy", { params: { path: { project_id } } })),
  });
  if (policy.error) return <Failure error={policy.error} retry={() => void policy.refetch()} />;
  if (policy.isPending) return <Waiting />;
  return (
    <div className="two-columns">
      <SettingsCard key={JSON.stringify(policy.data)} policy={policy.data} />
      <PreviewCard />
    </div>
  );
}

function SettingsCard({ policy }: { policy: ConsentPolicy }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const may = useMay("manage_project");
  const [held, hold] = useState(policy);
  const save = useAction(() => taken(api.PATCH("/api/projects/{project_id}/consent/policy", { params: { path: { project_id } }, body: held })), { done: t("consent.settingsSaved"), refresh: [["consent", project_id]] });
  const fault = save.error instanceof ApiError && save.error.path?.includes("public_url") ? save.error.message : undefined;
  return (
    <Card size="small" title={t("consent.settings")}>
      <Form layout="vertical" component="div" requiredMark={false} disabled={!may}>
        {policy.public_url === "" && <Alert type="warning" showIcon title={t("consent.noUrl")} style={{ marginBottom: 16 }} />}
        <Form.Item label={t("consent.company")} htmlFor="consent-company" extra={t("consent.companyHint")}>
          <Input id="consent-company" maxLength={200} value={held.company} onChange={(event) => hold({ ...held, company: event.target.value })} />
        </Form.Item>
        <Form.Item label={t("consent.publicUrl")} htmlFor="consent-url" extra={t("consent.publicUrlHint")} validateStatus={fault ? "error" : undefined} help={fault}>
          <Input id="consent-url" inputMode="url" spellCheck={false} maxLength={200} placeholder="https://" value={held.public_url} onChange={(event) => hold({ ...held, public_url: event.target.value.trim().replace(/\/+$/, "") })} />
        </Form.Item>
        <Asking held={held} hold={hold} />
        <div className="form-grid">
          {NUMBERS.map((name) => (
            <Form.Item key={name} label={t(`consent.${LABELS[name]}`)} htmlFor={`consent-${name}`}>
              <InputNumber id={`consent-${name}`} min={1} max={MOST[name]} precision={0} value={held[name]} onChange={(value) => hold({ ...held, [name]: value ?? policy[name] })} />
            </Form.Item>
          ))}
        </div>
        {may && (
          <Button type="primary" loading={save.isPending} onClick={() => save.mutate()}>
            {t("common.save")}
          </Button>
        )}
      </Form>
    </Card>
  );
}

const ASKED = [
  { medium: "email", channel: "confirm_channel_id", template: "confirm_template_id", channelLabel: "confirmChannel", anyLabel: "confirmChannelAny", templateLabel: "confirmTemplate" },
  { medium: "sms", channel: "confirm_sms_channel_id", template: "confirm_sms_template_id", channelLabel: "confirmSmsChannel", anyLabel: "confirmSmsChannelAny", templateLabel: "confirmSmsTemplate" },
] as const;

type Asked = (typeof ASKED)[number];
type Held = { held: ConsentPolicy; hold: (policy: ConsentPolicy) => void };
type Named = { id: string; name: string; medium: string };

/** By what people are asked to confirm, by mail and by text message. */
function Asking(form: Held) {
  return (
    <div className="form-grid">
      {ASKED.map((asked) => (
        <AskedBy key={asked.medium} asked={asked} {...form} />
      ))}
    </div>
  );
}

function AskedBy({ asked, held, hold }: Held & { asked: Asked }) {
  const { t } = useTranslation();
  const { medium, channel, template } = asked;
  const channels = useChannels().items;
  const templates = useTemplateChoice(held[template]);
  const named = (first: string, items: Named[]) => [{ value: "", label: first }, ...items.filter((each) => each.medium === medium).map(({ id, name }) => ({ value: id, label: name }))];
  return (
    <>
      <Form.Item label={t(`consent.${asked.channelLabel}`)}>
        <Select aria-label={t(`consent.${asked.channelLabel}`)} value={held[channel]} options={named(t(`consent.${asked.anyLabel}`), channels)} onChange={(chosen: string) => hold({ ...held, [channel]: chosen })} />
      </Form.Item>
      <Form.Item label={t(`consent.${asked.templateLabel}`)} extra={medium === "sms" && t("consent.confirmSmsHint")}>
        <Select aria-label={t(`consent.${asked.templateLabel}`)} value={held[template]} options={named(t("consent.confirmTemplateOwn"), templates)} onChange={(chosen: string) => hold({ ...held, [template]: chosen })} />
      </Form.Item>
    </>
  );
}

function PreviewCard() {
  const { t, i18n } = useTranslation();
  const { id: project_id } = useProject();
  const [lang, setLang] = useState<"zh" | "en">(i18n.language === "zh" ? "zh" : "en");
  const address = `/api/projects/${project_id}/consent/preference-page?lang=${lang}`;
  const page = useQuery({
    queryKey: ["consent", project_id, "page", lang],
    queryFn: async () => {
      const answer = await fetch(address, { credentials: "same-origin", headers: ownHeaders() });
      if (!answer.ok) throw await refusalOf(answer);
      return answer.text();
    },
  });
  return (
    <Card
      size="small"
      title={t("consent.preview")}
      extra={
        <div className="row">
          <Segmented size="small" aria-label={t("consent.language")} value={lang} options={[{ value: "zh" as const, label: "中文" }, { value: "en" as const, label: "English" }]} onChange={setLang} />
          <a href={address} target="_blank" rel="noreferrer">
            {t("consent.openPreview")}
          </a>
        </div>
      }
    >
      {page.error && <Failure error={page.error} small />}
      {page.data && <iframe className="message-frame" style={{ height: 560 }} sandbox="" title={t("consent.preview")} srcDoc={page.data} />}
    </Card>
  );
}
