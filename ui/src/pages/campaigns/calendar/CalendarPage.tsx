import { useQuery } from "@tanstack/react-query";
import { Button, Card, Checkbox, DatePicker, Dropdown } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { PlusOutlined } from "@/components/icons";
import { LinkButton } from "@/components/LinkButton";
import { Waiting } from "@/components/Waiting";
import { download, PageFrame, useAction, useUrlState } from "@/components/page";
import { addressOf } from "@/query/requests";
import { useMay, useProject } from "@/session/session";
import { Conflicts } from "./Conflicts";
import { Month } from "./Month";
import { weeksOf } from "./month";
import "../campaigns.css";

const MONTH = "YYYY-MM";

/** What is on when, what is due, and where campaigns are in each other's way. */
export function CalendarPage() {
  const { t } = useTranslation();
  const project = useProject();
  const url = useUrlState();
  const asked = url.get("month");
  const month = /^\d{4}-\d{2}$/.test(asked) ? asked : dayjs().format(MONTH);
  const withTasks = url.get("tasks") !== "no";
  const weeks = weeksOf(month, project.first_weekday);
  const [from, to] = [weeks[0]?.[0] ?? "", weeks.at(-1)?.at(-1) ?? ""];
  const calendar = useQuery({
    queryKey: ["campaigns", project.id, "calendar", from, to],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/campaign-calendar", { params: { path: { project_id: project.id }, query: { from, to } } })),
  });
  const go = (months: number) => url.change({ month: dayjs(`${month}-01`).add(months, "month").format(MONTH) });
  return (
    <PageFrame title={t("campaigns.calendar.title")} hint={t("campaigns.calendar.hint")} extra={<Extra from={from} to={to} month={month} />}>
      <div className="row">
        <Button aria-label={t("campaigns.calendar.before")} onClick={() => go(-1)}>
          ‹
        </Button>
        <DatePicker picker="month" aria-label={t("campaigns.calendar.month")} allowClear={false} value={dayjs(`${month}-01`)} onChange={(day) => day && url.change({ month: day.format(MONTH) })} />
        <Button aria-label={t("campaigns.calendar.next")} onClick={() => go(1)}>
          ›
        </Button>
        <Button onClick={() => url.change({ month: null })}>{t("campaigns.calendar.today")}</Button>
        <Checkbox checked={withTasks} onChange={(event) => url.change({ tasks: event.target.checked ? null : "no" })}>
          {t("campaigns.calendar.tasks")}
        </Checkbox>
      </div>
      {calendar.error && <Failure error={calendar.error} retry={() => void calendar.refetch()} />}
      {calendar.isPending && <Waiting />}
      {calendar.data && (
        <>
          <Card size="small" styles={{ body: { padding: 0 } }}>
            <Month month={month} weeks={weeks} calendar={calendar.data} withTasks={withTasks} />
          </Card>
          {calendar.data.entries.length === 0 && <Empty title={t("campaigns.calendar.empty")} hint={t("campaigns.calendar.emptyHint")} />}
          {calendar.data.entries.length > 0 && <Conflicts calendar={calendar.data} />}
        </>
      )}
    </PageFrame>
  );
}

function Extra({ from, to, month }: { from: string; to: string; month: string }) {
  const { t } = useTranslation();
  const project = useProject();
  const mayExport = useMay("export");
  const may = useMay("edit_insights");
  const take = useAction((ending: string) => download(`${addressOf(project.id, `campaign-calendar.${ending}`)}?${new URLSearchParams({ from, to })}`, `${t("campaigns.calendar.title")} ${month}.${ending}`));
  return (
    <>
      {mayExport && (
        <Dropdown trigger={["click"]} menu={{ items: ["csv", "ics"].map((key) => ({ key, label: t(`campaigns.calendar.files.${key as "csv"}`) })), onClick: ({ key }) => take.mutate(key) }}>
          <Button loading={take.isPending}>{t("campaigns.report.export")}</Button>
        </Dropdown>
      )}
      {may && (
        <LinkButton type="primary" icon={<PlusOutlined />} to={`/p/${project.id}/campaigns/new`}>
          {t("campaigns.create")}
        </LinkButton>
      )}
    </>
  );
}
