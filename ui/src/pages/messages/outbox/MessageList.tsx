import { Card, Input, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { LoadMore, usePages, useUrlState } from "@/components/page";
import { useProject } from "@/session/session";
import { MessageDrawer } from "./MessageDrawer";
import { MessageTable } from "./MessageTable";
import { type Message, type State, STATES, useCampaigns, useChannels, useJourneys, useTemplates } from "./queries";

/** The messages, by state, channel, template, campaign, journey and person. */
export function MessageList() {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const url = useUrlState();
  const [shown, show] = useState<Message | null>(null);
  const campaign = url.get("campaign");
  const query = {
    state: (url.get("state") || undefined) as State | undefined,
    channel_id: url.get("channel") || undefined,
    template_id: url.get("template") || undefined,
    occurrence: campaign ? `campaign/${campaign}` : undefined,
    journey_id: url.get("journey") || undefined,
    person: url.get("person") || undefined,
  };
  const messages = usePages(["messages", project_id, "list", query], (cursor) => taken(api.GET("/api/projects/{project_id}/messages", { params: { path: { project_id }, query: { ...query, cursor } } })));
  const none = !messages.isPending && messages.items.length === 0;
  const filtered = Object.values(query).some(Boolean);
  return (
    <div className="stack">
      <Filters />
      {messages.error && <Failure error={messages.error} retry={() => void messages.refetch()} />}
      {!messages.error && none && <Empty title={t(filtered ? "outbox.nothing" : "outbox.empty")} hint={t(filtered ? "outbox.nothingHint" : "outbox.emptyHint")} />}
      {!messages.error && !none && (
        <Card styles={{ body: { padding: 0 } }}>
          <MessageTable messages={messages.items} loading={messages.isPending} show={show} />
          <LoadMore list={messages} />
        </Card>
      )}
      {shown && <MessageDrawer message={shown} close={() => show(null)} />}
    </div>
  );
}

function Filters() {
  const { t } = useTranslation();
  const url = useUrlState();
  const channels = useChannels();
  const templates = useTemplates();
  const campaigns = useCampaigns();
  const journeys = useJourneys();
  const named = (items: { id: string; name: string }[]) => items.map(({ id, name }) => ({ value: id, label: name }));
  const choice = (name: string, label: string, options: { value: string; label: string }[]) => (
    <Select allowClear aria-label={label} placeholder={label} style={{ minWidth: 150 }} value={url.get(name) || undefined} showSearch={{ optionFilterProp: "label" }} options={options} onChange={(value: string | undefined) => url.change({ [name]: value ?? null })} />
  );
  return (
    <div className="row" role="search" aria-label={t("outbox.filters")}>
      {choice("state", t("outbox.state"), STATES.map((value) => ({ value, label: t(`outbox.states.${value}`) })))}
      {choice("channel", t("outbox.channel"), named(channels.items))}
      {choice("template", t("outbox.template"), named(templates.items))}
      {choice("campaign", t("outbox.campaign"), named(campaigns.items))}
      {choice("journey", t("outbox.journey"), named(journeys.items))}
      <Input.Search allowClear aria-label={t("outbox.person")} placeholder={t("outbox.person")} style={{ width: 190 }} defaultValue={url.get("person")} onSearch={(person) => url.change({ person: person.trim() || null })} />
    </div>
  );
}
