import { Card } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Mark, useWording } from "@/components/page";
import { useFigures } from "@/results/figures";
import { useProject } from "@/session/session";
import { useChannelName } from "../shared/queries";
import type { Calendar, Conflict } from "../shared/types";
import { useSaid } from "../shared/words";

/** Every two campaigns in each other's way, and what they share. */
export function Conflicts({ calendar }: { calendar: Calendar }) {
  const { t } = useTranslation();
  const { conflicts } = calendar;
  return (
    <Card size="small" title={t("campaigns.calendar.conflicts", { count: conflicts.length })}>
      {conflicts.length === 0 ? (
        t("campaigns.calendar.noConflicts")
      ) : (
        <ul className="findings" aria-label={t("campaigns.calendar.conflictsLabel")}>
          {conflicts.map((each, place) => (
            <One key={place} conflict={each} calendar={calendar} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function One({ conflict, calendar }: { conflict: Conflict; calendar: Calendar }) {
  const { t } = useTranslation();
  const { id } = useProject();
  const said = useSaid();
  const words = useWording();
  const figures = useFigures();
  const channelName = useChannelName();
  const days = conflict.from_day === conflict.to_day ? words.day(conflict.from_day) : `${words.day(conflict.from_day)} – ${words.day(conflict.to_day)}`;
  const entries = conflict.campaign_ids.flatMap((each) => calendar.entries.find((entry) => entry.campaign_id === each) ?? []);
  return (
    <li className="warn">
      <Mark tone="care">{t(`campaigns.calendar.kinds.${conflict.kind}`)}</Mark>
      <div className="grow">
        <div>{said(conflict.message)}</div>
        <div style={{ fontSize: 13, opacity: 0.88 }}>
          {days}
          {conflict.channel_ids?.length ? ` · ${conflict.channel_ids.map(channelName).join(", ")}` : ""}
          {conflict.people ? ` · ${t("campaigns.calendar.shares", { shares: entries.map((each) => t("campaigns.calendar.share", { name: each.name, share: figures.percent((conflict.people ?? 0) / Math.max(1, each.people)) })).join(t("campaigns.calendar.separator")) })}` : ""}
        </div>
      </div>
      <span className="row">
        {entries.map((each) => (
          <Link key={each.campaign_id} to={`/p/${id}/campaigns/${each.campaign_id}?tab=plan&at=${conflict.kind === "people" ? "people" : conflict.kind === "channel" ? "messages" : "time"}`}>
            {each.name}
          </Link>
        ))}
      </span>
    </li>
  );
}
