import { Alert, Button, Checkbox, Drawer, Form, Select, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ApiError, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { LinkButton } from "@/components/LinkButton";
import { Mark, type Tone, useAction } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import { useChannelsOf, useSeeds } from "../common/queries";
import type { Medium, Template, TestOutcome } from "../common/types";
import type { Place } from "./body";
import type { Eyes } from "./checking";

interface Props {
  template: Template;
  place: Place;
  eyes: Eyes;
  close: () => void;
}

/** Sends the saved template to a few addresses at once, and shows what became of each. */
export function TestSend({ template, place, eyes, close }: Props) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const mayUnmask = useMay("unmask");
  const medium = template.medium as Medium;
  const { channels, isPending } = useChannelsOf(medium);
  const seeds = (useSeeds(true).data ?? []).filter((each) => each.medium === medium).length;
  const [chosen, choose] = useState<string | null>(null);
  const [addresses, address] = useState<string[]>([]);
  const [toSeeds, seed] = useState(false);
  const channel_id = chosen ?? channels[0]?.id ?? "";
  const asPerson = eyes.person !== null && mayUnmask;
  const send = useAction(() => {
    const { person, event, campaign } = eyes.sample;
    const whose = asPerson ? { person: eyes.person } : { sample: person ?? {}, event: event ?? {} };
    const body = { addresses, seeds: toSeeds, template_id: template.id, variant: place.variant, language: place.language, campaign: campaign ?? {}, ...whose };
    return taken(api.POST("/api/projects/{project_id}/message-channels/{channel_id}/test", { params: { path: { project_id, channel_id } }, body: body as never }));
  });
  const none = !isPending && channels.length === 0;
  return (
    <Drawer open size={560} title={`${t("templates.test.title")} · ${template.name}`} onClose={close}>
      {none ? (
        <Empty title={t("templates.test.noChannel", { medium: t(`templates.media.${medium}`) })} hint={t("templates.test.noChannelHint")} action={<LinkButton to={`/p/${project_id}/channels`}>{t("templates.test.toChannels")}</LinkButton>} />
      ) : (
        <Form layout="vertical" component="div" requiredMark={false}>
          <Form.Item label={t("templates.test.channel")}>
            <Select aria-label={t("templates.test.channel")} loading={isPending} value={channel_id || undefined} options={channels.map((each) => ({ value: each.id, label: each.name }))} onChange={choose} />
          </Form.Item>
          <Addresses medium={medium} value={addresses} onChange={address} />
          {seeds > 0 && (
            <Form.Item>
              <Checkbox checked={toSeeds} onChange={(event) => seed(event.target.checked)}>
                {t("templates.test.seeds", { count: seeds })}
              </Checkbox>
            </Form.Item>
          )}
          <p>{t("templates.test.as", { name: asPerson ? eyes.name : t("templates.test.sample") })}</p>
          {eyes.person !== null && !mayUnmask && <Alert type="info" showIcon title={t("templates.test.unmask")} style={{ marginBottom: 12 }} />}
          <div className="stack">
            <Button type="primary" loading={send.isPending} disabled={!channel_id || (!addresses.length && !toSeeds)} title={!addresses.length && !toSeeds ? t("templates.test.needed") : undefined} onClick={() => send.mutate()}>
              {t("templates.test.send")}
            </Button>
            <span style={{ fontSize: 13, opacity: 0.85 }}>{t("templates.test.note")}</span>
            {send.error instanceof ApiError && <Alert type="error" showIcon title={send.error.message} description={send.error.hint} />}
            {send.data && <Outcomes results={send.data.results} />}
          </div>
        </Form>
      )}
    </Drawer>
  );
}

/** Addresses of a medium, as many as a test takes. */
export function Addresses({ medium, value, onChange }: { medium: Medium; value: string[]; onChange: (addresses: string[]) => void }) {
  const { t } = useTranslation();
  return (
    <Form.Item label={t("templates.test.addresses")} extra={t(`templates.test.addressHints.${medium}`)}>
      <Select mode="tags" open={false} suffixIcon={null} maxCount={20} tokenSeparators={[",", ";", " ", "，", "；"]} aria-label={t("templates.test.addresses")} value={value} onChange={(addresses: string[]) => onChange(addresses.map((each) => each.trim()).filter(Boolean))} />
    </Form.Item>
  );
}

const TONES: Record<string, Tone> = { sent: "good", retry: "care", rejected: "bad", uncertain: "care" };

/** What became of the messages of a test. */
export function Outcomes({ results }: { results: readonly TestOutcome[] }) {
  const { t } = useTranslation();
  return (
    <Table<TestOutcome>
      size="small"
      rowKey={(each) => `${each.address} ${each.detail}`}
      pagination={false}
      dataSource={[...results]}
      scroll={{ x: 400 }}
      columns={[
        { title: t("templates.test.addresses"), dataIndex: "address", key: "address" },
        { title: t("templates.test.result"), key: "outcome", render: (_, each) => <Mark tone={TONES[each.outcome] ?? "quiet"}>{t(`templates.test.outcomes.${each.outcome as "sent"}`)}</Mark> },
        { title: "", dataIndex: "detail", key: "detail", render: (detail: string) => <span style={{ overflowWrap: "anywhere", fontSize: 13 }}>{detail}</span> },
      ]}
    />
  );
}
