import { Button, DatePicker, Popover, Segmented } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/types";
import { lastDayOf, useEvents } from "@/query/catalog";
import { send } from "@/query/requests";
import { useFigures } from "@/results/figures";
import { useMay, useProject } from "@/session/session";
import { useSubjectJob } from "../common/useRefresh";

const UNITS = ["day", "week", "month"] as const;
const DAY = "YYYY-MM-DD";

/** Finds out what a tag's values would have been on past days, by a job. */
export function Backfill({ subjectId }: { subjectId: string }) {
  const { t } = useTranslation();
  const { id } = useProject();
  const figures = useFigures();
  const may = useMay("edit_insights");
  const last = lastDayOf(useEvents());
  const [from, setFrom] = useState<string | null>(null);
  const [unit, setUnit] = useState<(typeof UNITS)[number]>("week");
  const begin = from ?? dayjs(last ?? undefined).subtract(180, "day").format(DAY);
  const job = useSubjectJob(async () => (await (await send(id, `subjects/${subjectId}/backfill`, { from_date: begin, unit })).json()) as Schemas["JobStatus"]);
  if (!may) return null;
  const content = (
    <div className="stack" style={{ maxWidth: 320 }}>
      <span>{t("studies.lifecycle.backfillHint")}</span>
      <DatePicker aria-label={t("conditions.windows.since")} allowClear={false} value={dayjs(begin)} onChange={(day) => day && setFrom(day.format(DAY))} />
      <Segmented aria-label={t("insights.interval")} value={unit} onChange={setUnit} options={UNITS.map((value) => ({ value, label: t(`insights.intervals.${value}`) }))} />
      <Button type="primary" loading={job.running} onClick={() => job.start()}>
        {t(job.running ? "studies.lifecycle.backfilling" : "studies.lifecycle.backfill")}
        {job.share !== null && ` ${figures.percent(job.share)}`}
      </Button>
    </div>
  );
  return (
    <Popover trigger="click" placement="bottomRight" content={content}>
      <Button size="small" loading={job.running}>
        {t(job.running ? "studies.lifecycle.backfilling" : "studies.lifecycle.backfill")}
      </Button>
    </Popover>
  );
}
