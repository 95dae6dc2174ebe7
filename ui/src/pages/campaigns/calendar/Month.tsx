import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useProject } from "@/session/session";
import { leverColor } from "./colors";
import type { Calendar, Entry } from "../shared/types";
import { DAY, lanesOf, type Lane } from "./month";

interface Props {
  month: string;
  weeks: string[][];
  calendar: Calendar;
  withTasks: boolean;
}

/** A month in weeks; campaigns are bars over their days, days with conflicts have a line on top. */
export function Month({ month, weeks, calendar, withTasks }: Props) {
  const { t, i18n } = useTranslation();
  const format = new Intl.DateTimeFormat(i18n.language === "zh" ? "zh-CN" : "en-GB", { weekday: "short" });
  return (
    <div className="scroll-x" role="region" tabIndex={0} aria-label={t("campaigns.calendar.title")}>
      <table className="month">
        <thead>
          <tr>
            {weeks[0]?.map((day) => (
              <th key={day} scope="col">
                {format.format(dayjs(day).toDate())}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => {
            const lanes = lanesOf(week, calendar.entries);
            return (
              <tr key={week[0]}>
                {week.map((day) => (
                  <Day key={day} day={day} week={week} lanes={lanes} month={month} calendar={calendar} withTasks={withTasks} />
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface DayProps {
  day: string;
  week: string[];
  lanes: Lane[];
  month: string;
  calendar: Calendar;
  withTasks: boolean;
}

function Day({ day, week, lanes, month, calendar, withTasks }: DayProps) {
  const { t } = useTranslation();
  const { id } = useProject();
  const mine = lanes.filter(({ entry }) => entry.first_day <= day && entry.last_day >= day);
  const deepest = Math.max(-1, ...mine.map((each) => each.lane));
  const clash = calendar.conflicts.some((each) => each.from_day <= day && each.to_day >= day);
  const tasks = withTasks ? calendar.tasks.filter((each) => each.day === day) : [];
  const classes = [day.startsWith(month) ? "" : "other", clash ? "clash" : "", day === dayjs().format(DAY) ? "today" : ""];
  return (
    <td className={classes.filter(Boolean).join(" ") || undefined}>
      <div className="day">
        <span>{Number(day.slice(8))}</span> {clash && <small>{t("campaigns.calendar.clash")}</small>}
      </div>
      {Array.from({ length: deepest + 1 }, (_, lane) => {
        const found = mine.find((each) => each.lane === lane);
        return found ? <Bar key={lane} entry={found.entry} day={day} week={week} /> : <span key={lane} className="month-entry" aria-hidden style={{ visibility: "hidden" }} />;
      })}
      {tasks.map((each) => (
        <Link key={each.task_id} className={each.done ? "month-due done" : "month-due"} to={`/p/${id}/campaigns/${each.campaign_id}?tab=work&task=${each.task_id}`} title={`${each.campaign} · ${each.title} · ${each.owner_name}`}>
          ☐ {each.title}
        </Link>
      ))}
    </td>
  );
}

function Bar({ entry, day, week }: { entry: Entry; day: string; week: string[] }) {
  const { t } = useTranslation();
  const { id } = useProject();
  const first = entry.first_day === day;
  const named = first || week[0] === day;
  const color = leverColor(entry.lever);
  const classes = ["month-entry", first ? "first" : "", entry.last_day === day ? "last" : "", entry.status === "draft" || entry.status === "review" ? "draft" : ""];
  const title = `${entry.name} · ${t(`campaigns.statuses.${entry.status}`)} · ${t("campaigns.count", { count: entry.people, people: entry.people })}`;
  return (
    <Link
      to={`/p/${id}/campaigns/${entry.campaign_id}`}
      className={classes.filter(Boolean).join(" ")}
      style={{ background: color, ["--entry" as string]: color }}
      title={title}
      // One link a week is enough for who goes by keyboard.
      tabIndex={named ? 0 : -1}
      aria-hidden={named ? undefined : true}
    >
      {named ? entry.name : " "}
    </Link>
  );
}
