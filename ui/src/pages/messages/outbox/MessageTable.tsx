import { Button, Table, type TableProps } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Mark, Moment } from "@/components/page";
import { useProject } from "@/session/session";
import { type Message, TONES, useChannels, useReason, useTemplates } from "./queries";

interface Props {
  messages: Message[];
  loading: boolean;
  show: (message: Message) => void;
  /** Where the person is known, as on their page. */
  personless?: boolean;
  chosen?: TableProps<Message>["rowSelection"];
  verbs?: (message: Message) => React.ReactNode;
}

/** Messages, one a line. */
export function MessageTable({ messages, loading, show, personless = false, chosen, verbs }: Props) {
  const { t } = useTranslation();
  const { id } = useProject();
  const channels = useChannels();
  const templates = useTemplates();
  const reason = useReason();
  const table = (
    <Table<Message>
      size="small"
      rowKey="id"
      loading={loading}
      dataSource={messages}
      pagination={false}
      // With a box to choose all, the row by which the table measures would have one, too, that nobody sees.
      scroll={chosen ? undefined : { x: 860 }}
      rowSelection={chosen}
      columns={[
        {
          title: t("outbox.message"),
          key: "id",
          width: 110,
          render: (_, message) => (
            <Button type="link" size="small" style={{ padding: 0 }} aria-label={t("outbox.open", { id: message.id })} onClick={() => show(message)}>
              #{message.id}
            </Button>
          ),
        },
        ...(personless ? [] : [{ title: t("nav.pages.people"), key: "person", render: (_: unknown, message: Message) => <Link to={`/p/${id}/person?person=${encodeURIComponent(message.person)}`}>{message.person}</Link> }]),
        {
          title: t("outbox.state"),
          key: "state",
          width: 230,
          render: (_, message) => (
            <span>
              <Mark tone={TONES[message.state]}>{t(`outbox.states.${message.state}`)}</Mark>
              {message.reason && <span style={{ opacity: 0.85 }}>{reason(message.reason)}</span>}
            </span>
          ),
        },
        { title: t("outbox.channel"), key: "channel", render: (_, message) => channels.nameOf(message.channel_id) },
        { title: t("outbox.template"), key: "template", render: (_, message) => (message.template_id ? templates.nameOf(message.template_id) : "–") },
        { title: t("outbox.when"), key: "at", width: 170, render: (_, message) => <Moment at={message.ended_at ?? message.sent_at ?? message.due_at} /> },
        ...(verbs ? [{ title: t("common.actions"), key: "verbs", width: 210, render: (_: unknown, message: Message) => verbs(message) }] : []),
      ]}
    />
  );
  return chosen ? <div style={{ overflowX: "auto" }}>{table}</div> : table;
}
