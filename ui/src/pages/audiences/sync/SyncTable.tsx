import { Table } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Mark, Moment, type Tone } from "@/components/page";
import { useCodeName } from "@/query/codes";
import { useSubjects } from "@/query/subjects";
import { useProject } from "@/session/session";
import { addressOf } from "../common/addresses";
import { useFailureWords } from "../common/Marks";
import { stateOf, type State, type Sync } from "./types";
import { SyncVerbs } from "./SyncVerbs";

const TONES: Record<State, Tone> = { on: "good", off: "quiet", retrying: "care" };

interface Props {
  syncs: Sync[];
  loading: boolean;
  edit: (sync: Sync) => void;
  deliveries: (sync: Sync) => void;
  tell: (secret: string) => void;
}

/** What is sent where, how far it is, and what went wrong. */
export function SyncTable({ syncs, loading, edit, deliveries, tell }: Props) {
  const { t } = useTranslation();
  return (
    <Table<Sync>
      size="small"
      rowKey="id"
      loading={loading}
      dataSource={syncs}
      pagination={false}
      scroll={{ x: 900 }}
      columns={[
        { title: t("syncs.name"), key: "name", width: 140, render: (_, sync) => <strong>{sync.name}</strong> },
        { title: t("syncs.subject"), key: "subject", width: 190, render: (_, sync) => <Of sync={sync} /> },
        { title: t("syncs.to"), key: "to", render: (_, sync) => <Where sync={sync} /> },
        { title: t("syncs.state"), key: "state", width: 210, render: (_, sync) => <Going sync={sync} /> },
        { title: t("syncs.sentUntil"), key: "until", width: 160, render: (_, sync) => (sync.sent_until ? <Moment at={sync.sent_until} /> : t("syncs.notSent")) },
        { title: t("common.actions"), key: "verbs", width: 150, render: (_, sync) => <SyncVerbs sync={sync} edit={() => edit(sync)} deliveries={() => deliveries(sync)} tell={tell} /> },
      ]}
    />
  );
}

function Of({ sync }: { sync: Sync }) {
  const { t } = useTranslation();
  const { id } = useProject();
  const { subjects } = useSubjects();
  const codeName = useCodeName();
  const subject = subjects.find((each) => each.id === sync.subject_id);
  return (
    <div>
      {subject ? <Link to={addressOf(id, subject)}>{subject.name}</Link> : "…"}
      {subject?.type === "tag" && sync.value !== null && (
        <div style={{ fontSize: 13, opacity: 0.85 }}>
          {t("syncs.value")}: {codeName({ scope: "tag", name: sync.subject_id }, sync.value) ?? sync.value}
        </div>
      )}
    </div>
  );
}

function Where({ sync }: { sync: Sync }) {
  const { t } = useTranslation();
  return (
    <div>
      <Mark tone="busy">{t(`syncs.kinds.${sync.kind}`)}</Mark>
      {!sync.unmask && <Mark tone="quiet">{t("syncs.masked")}</Mark>}
      <div style={{ fontSize: 13, opacity: 0.85, overflowWrap: "anywhere" }}>{sync.url ?? (sync.every && t(`syncs.everies.${sync.every}`))}</div>
    </div>
  );
}

function Going({ sync }: { sync: Sync }) {
  const { t } = useTranslation();
  const words = useFailureWords();
  const state = stateOf(sync);
  return (
    <div>
      <Mark tone={TONES[state]}>{t(`syncs.states.${state}`)}</Mark>
      {sync.error && (
        <div className="fault-text two-lines" title={words(sync.error)}>
          {words(sync.error)}
        </div>
      )}
    </div>
  );
}
