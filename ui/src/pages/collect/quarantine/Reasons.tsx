import { useQuery } from "@tanstack/react-query";
import { Card, Skeleton, theme } from "antd";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Failure } from "@/components/Failure";
import { useUrlState, useWording } from "@/components/page";
import { useProject } from "@/session/session";
import { useReason } from "../reasons";
import { groupedByReason, type Wanted } from "./held";
import type { Status } from "./QuarantinePage";

/** Why things were set aside, with counts; choosing one narrows the items. */
export function Reasons({ status, wanted }: { status: Status; wanted: Wanted }) {
  const { t } = useTranslation();
  const project = useProject();
  const url = useUrlState();
  const reason = useReason();
  const query = { source: wanted.source, protocol: wanted.protocol, search: wanted.search, status };
  const counts = useQuery({
    queryKey: ["quarantine-summary", project.id, query],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/quarantine/summary", { params: { path: { project_id: project.id }, query } })),
  });
  if (counts.error) return <Failure small error={counts.error} retry={() => void counts.refetch()} />;
  const groups = groupedByReason(counts.data ?? []);
  const all = groups.reduce((sum, group) => sum + group.count, 0);
  const chosen = wanted.reason ?? "";
  return (
    <Card size="small" title={t("collect.quarantine.reasons")} styles={{ body: { padding: 6 } }}>
      {counts.isPending && <Skeleton active title={false} style={{ padding: 8 }} />}
      <ul style={{ listStyle: "none", margin: 0, padding: 0 }}>
        <Entry words={t("collect.quarantine.allReasons")} count={all} chosen={chosen === ""} choose={() => url.change({ reason: null, event: null })} />
        {groups.map((group) => (
          <li key={group.reason}>
            <ul style={{ listStyle: "none", margin: 0, padding: 0 }}>
              <Entry
                words={reason(group.reason)}
                count={group.count}
                chosen={chosen === group.reason && !wanted.event}
                choose={() => url.change({ reason: group.reason, event: null })}
              />
              {chosen === group.reason &&
                group.parts.slice(0, 20).map((part) => (
                  <Entry
                    key={`${part.event} ${part.source}`}
                    inner
                    words={[part.event || t("common.empty"), part.source].filter(Boolean).join(" · ")}
                    count={part.count}
                    chosen={wanted.event === part.event && part.event !== ""}
                    choose={() => url.change({ event: part.event })}
                  />
                ))}
            </ul>
          </li>
        ))}
      </ul>
    </Card>
  );
}

interface EntryProps {
  words: string;
  count: number;
  chosen: boolean;
  choose: () => void;
  inner?: boolean;
}

function Entry({ words, count, chosen, choose, inner = false }: EntryProps) {
  const { token } = theme.useToken();
  const { number } = useWording();
  return (
    <li>
      <button
        type="button"
        aria-pressed={chosen}
        onClick={choose}
        style={{
          display: "flex",
          justifyContent: "space-between",
          gap: 8,
          width: "100%",
          padding: inner ? "4px 8px 4px 24px" : "6px 8px",
          border: 0,
          borderRadius: token.borderRadiusSM,
          textAlign: "start",
          cursor: "pointer",
          font: "inherit",
          fontSize: inner ? 13 : 14,
          color: token.colorText,
          background: chosen ? token.colorFillSecondary : "transparent",
        }}
      >
        <span style={{ overflowWrap: "anywhere" }}>{words}</span>
        <span className="figure">{number(count)}</span>
      </button>
    </li>
  );
}
