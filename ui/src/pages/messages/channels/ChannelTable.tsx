import { Button, Card, Dropdown, Table } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api } from "@/api/client";
import { DownOutlined } from "@/components/icons";
import { Mark, Moment, useAction } from "@/components/page";
import { useConfirm } from "@/pages/audiences/common/useConfirm";
import { useMay, useProject } from "@/session/session";
import { MediumMark } from "../common/MediumMark";
import type { Activity, Channel, Kind, Medium } from "../common/types";
import type { Opened } from "./ChannelsPage";
import { rateOf, rateText } from "./settings";
import { useKindWords } from "./words";

interface Props {
  channels: Channel[];
  kinds: Kind[];
  activity: readonly Activity[];
  open: (opened: Opened) => void;
}

const HAVE_RETURNS = new Set<string>(["email", "sms"]);

/** The channels with their limits, what they did today, and their last trouble. */
export function ChannelTable({ channels, kinds, activity, open }: Props) {
  const { t } = useTranslation();
  const { currency } = useProject();
  const words = useKindWords();
  const of = new Map(activity.map((each) => [each.channel_id, each]));
  return (
    <Card styles={{ body: { padding: 0 } }}>
      <Table<Channel>
        size="small"
        rowKey="id"
        dataSource={channels}
        pagination={false}
        scroll={{ x: 1080 }}
        columns={[
          {
            title: t("channels.name"),
            key: "name",
            render: (_, row) => (
              <div>
                <strong>{row.name}</strong>
                <div style={{ fontSize: 13, opacity: 0.85 }}>{addressOf(row)}</div>
              </div>
            ),
          },
          {
            title: t("channels.kind"),
            key: "kind",
            width: 170,
            render: (_, row) => (
              <div>
                <MediumMark medium={row.medium as Medium} />
                <div style={{ fontSize: 13, opacity: 0.85 }}>{words(row.kind).name}</div>
              </div>
            ),
          },
          { title: t("channels.state"), key: "state", width: 90, render: (_, row) => <Mark tone={row.enabled ? "good" : "quiet"}>{t(row.enabled ? "channels.on" : "channels.off")}</Mark> },
          { title: t("channels.limit"), key: "limit", width: 150, render: (_, row) => <Limit row={row} kind={kinds.find((each) => each.kind === row.kind)} /> },
          { title: t("channels.cost"), key: "cost", width: 110, align: "right", render: (_, row) => (row.cost_per_message === null ? <span style={{ opacity: 0.8 }}>{t("channels.costUnknown")}</span> : <span className="figure">{`${row.cost_per_message} ${currency}`}</span>) },
          { title: t("channels.today"), key: "today", width: 190, render: (_, row) => <Today row={row} activity={of.get(row.id)} /> },
          { title: t("channels.trouble"), key: "trouble", width: 230, render: (_, row) => <Trouble activity={of.get(row.id)} /> },
          { title: t("common.actions"), key: "verbs", width: 150, render: (_, row) => <Verbs row={row} open={open} /> },
        ]}
      />
    </Card>
  );
}

/** What tells a channel from others of its kind. */
function addressOf(row: Channel): string {
  const { settings } = row;
  const servers = settings["servers"] as { host: string; port: number }[] | undefined;
  if (servers) return servers.map((each) => `${each.host}:${each.port}`).join(", ");
  const named = ["url", "app_id", "app_key", "access_key_id", "account_sid", "topic"].map((name) => settings[name]).find((each) => typeof each === "string" && each !== "");
  return String(named ?? "");
}

function Limit({ row, kind }: { row: Channel; kind: Kind | undefined }) {
  const { t } = useTranslation();
  if (row.per_second !== null) return <span>{rateText(t, row.per_second)}</span>;
  const own = row.settings["per_second"];
  return <span>{t("channels.byKind", { rate: rateText(t, typeof own === "number" ? own : rateOf(kind)) })}</span>;
}

function Today({ row, activity }: { row: Channel; activity: Activity | undefined }) {
  const { t } = useTranslation();
  const { id } = useProject();
  if (!activity) return null;
  return (
    <div className="stack" style={{ gap: 2 }}>
      <span className="row" style={{ gap: 6 }}>
        <strong className="figure" data-testid={`sent-${row.name}`}>
          {activity.sent}
        </strong>
        {activity.waiting > 0 && <Mark tone={row.enabled ? "busy" : "care"}>{row.enabled ? `${t("channels.waiting")} ${activity.waiting}` : t("channels.waitingOff", { count: activity.waiting })}</Mark>}
        {activity.rejected > 0 && <Mark tone="bad">{`${t("channels.failed")} ${activity.rejected}`}</Mark>}
        {activity.uncertain > 0 && <Mark tone="care">{`${t("channels.uncertain")} ${activity.uncertain}`}</Mark>}
      </span>
      <span style={{ fontSize: 13, opacity: 0.85 }}>{activity.last_sent_at ? <Link to={`/p/${id}/outbox?channel=${row.id}`}><Moment at={activity.last_sent_at} /></Link> : t("channels.never")}</span>
    </div>
  );
}

function Trouble({ activity }: { activity: Activity | undefined }) {
  const { t, i18n } = useTranslation();
  const trouble = activity?.trouble;
  if (!trouble) return <span style={{ opacity: 0.8 }}>{t("channels.noTrouble")}</span>;
  const key = `channels.reasons.${trouble.reason}`;
  return (
    <div style={{ fontSize: 13 }}>
      <div>{i18n.exists(key) ? t(key as "channels.reasons.expired") : trouble.reason}</div>
      {trouble.detail && (
        <div className="two-lines" style={{ opacity: 0.85, overflowWrap: "anywhere" }} title={trouble.detail}>
          {trouble.detail}
        </div>
      )}
    </div>
  );
}

function Verbs({ row, open }: { row: Channel; open: Props["open"] }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const may = useMay("manage_project");
  const mayTest = useMay("edit_data");
  const confirm = useConfirm();
  const path = { project_id, channel_id: row.id };
  const refresh = [["message-channels", project_id]];
  const turn = useAction(() => api.PATCH("/api/projects/{project_id}/message-channels/{channel_id}", { params: { path }, body: { enabled: !row.enabled } as never }), { done: t(row.enabled ? "channels.disabled" : "channels.enabled"), refresh });
  const remove = useAction(() => api.DELETE("/api/projects/{project_id}/message-channels/{channel_id}", { params: { path } }), { done: t("common.removed"), refresh });
  const items = [
    { key: "edit", label: t("channels.edit") },
    ...(HAVE_RETURNS.has(row.medium) ? [{ key: "returns", label: t("channels.returns.title") }] : []),
    { key: "turn", label: t(row.enabled ? "channels.disable" : "channels.enable") },
    { key: "remove", danger: true, label: t("common.remove") },
  ];
  const act = (key: string) => {
    if (key === "edit" || key === "returns") return open({ what: key, channel: row });
    if (key === "turn") return turn.mutate();
    void confirm(t("channels.remove", { name: row.name }), () => remove.mutate());
  };
  return (
    <span className="row" style={{ gap: 6, flexWrap: "nowrap" }}>
      {mayTest && (
        <Button size="small" onClick={() => open({ what: "try", channel: row })}>
          {t("channels.tryIt")}
        </Button>
      )}
      {may && (
        <Dropdown trigger={["click"]} menu={{ items, onClick: ({ key }) => act(key) }}>
          <Button size="small" type="text" icon={<DownOutlined />} aria-label={t("channels.moreOf", { name: row.name })} />
        </Dropdown>
      )}
    </span>
  );
}
