import { Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { MEDIA, type Medium, type Policy } from "./queries";

const DAYS = ["d1", "d2", "d3", "d4", "d5", "d6", "d7"] as const;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** Whether the clock shows a time within quiet hours for all or part of an hour. */
function isQuiet(policy: Policy, medium: Medium, hour: number): boolean {
  const quiet = policy.quiet_hours;
  if (!quiet?.media?.includes(medium) || quiet.start === quiet.end) return false;
  const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  const [start, end] = [minutes(quiet.start), minutes(quiet.end)];
  const within = (at: number) => (start <= end ? start <= at && at < end : at >= start || at < end);
  return within(hour * 60) || within(hour * 60 + 30);
}

/** When messages of a medium may go out in a week, by the person's clock. */
export function Week({ policy }: { policy: Policy }) {
  const { t } = useTranslation();
  const [medium, setMedium] = useState<Medium>(policy.quiet_hours?.media?.[0] ?? "sms");
  return (
    <div className="stack">
      <Segmented style={{ alignSelf: "start" }} aria-label={t("outbox.mediumTitle")} value={medium} options={MEDIA.map((value) => ({ value, label: t(`outbox.media.${value}`) }))} onChange={setMedium} />
      <div className="week" role="img" aria-label={`${t("outbox.rules.week")}: ${policy.quiet_hours?.media?.includes(medium) ? `${t("outbox.rules.waits")} ${policy.quiet_hours.start} – ${policy.quiet_hours.end}` : t("outbox.rules.sends")}`}>
        {DAYS.map((day) => (
          <Line key={day} label={t(`outbox.rules.days.${day}`)} quiet={HOURS.map((hour) => isQuiet(policy, medium, hour))} />
        ))}
        <span />
        {[0, 6, 12, 18].map((hour) => (
          <span key={hour} className="week-mark">
            {String(hour).padStart(2, "0")}:00
          </span>
        ))}
      </div>
      <div className="row" style={{ gap: 16 }}>
        <span>
          <span className="legend-box" /> {t("outbox.rules.sends")}
        </span>
        <span>
          <span className="legend-box quiet" /> {t("outbox.rules.waits")}
        </span>
      </div>
    </div>
  );
}

function Line({ label, quiet }: { label: string; quiet: boolean[] }) {
  return (
    <>
      <span>{label}</span>
      {quiet.map((each, hour) => (
        <span key={hour} className={each ? "week-hour quiet" : "week-hour"} />
      ))}
    </>
  );
}
