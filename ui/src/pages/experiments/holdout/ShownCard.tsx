import { useQuery } from "@tanstack/react-query";
import { Button, Card, Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { EventSelect } from "@/components/query/EventSelect";
import { PropertySelect } from "@/components/query/PropertySelect";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { useUrlState, useWording } from "@/components/page";
import type { PropertyRef } from "@/query/types";
import { useProject } from "@/session/session";
import { CourseView } from "../one/CourseView";
import { ReadingView } from "../one/ReadingView";
import { Field } from "../edit/MetricEditor";
import type { Metric } from "../common/types";
import type { Holdout } from "./HoldoutPage";

const REVENUE: PropertyRef = { scope: "event", name: "$revenue" };

/** What everything together changed since people were drawn: all others against those held out. */
export function ShownCard({ holdout }: { holdout: Holdout }) {
  const { t } = useTranslation();
  const { id: project_id, time_zone } = useProject();
  const words = useWording(time_zone);
  const url = useUrlState();
  const events = url.all("event");
  const sums = url.get("by") === "revenue";
  const [property, setProperty] = useState(REVENUE);
  const name = events.join(" / ");
  const title = sums ? `${property.name} · ${name}` : name;
  const metric: Metric = {
    key: "shown",
    name: title,
    role: "primary",
    better: "higher",
    measure: sums ? { kind: "mean", figure: { event: { events }, property }, cap_percentile: 99 } : { kind: "proportion", event: { events } },
    margin: 0.02,
  };
  const shown = useQuery({
    queryKey: ["holdout-shown", project_id, holdout.updated_at, metric],
    queryFn: ({ signal }) => taken(api.POST("/api/projects/{project_id}/holdout/read", { params: { path: { project_id } }, body: { metrics: [metric], pre_days: 14 } as never, signal })),
    enabled: events.length > 0,
    staleTime: 60_000,
    retry: false,
    // Every reading is kept: none is taken because a window came to the front.
    refetchOnWindowFocus: false,
  });
  const course = shown.data?.course[0];
  return (
    <>
      <Card size="small" title={t("holdout.shown")}>
        <div className="stack" style={{ gap: 16 }}>
          {shown.data && <span>{t("holdout.shownHint", { at: words.moment(shown.data.since, false) })}</span>}
          <div className="metric-line">
            <Field label={t("holdout.by")}>
              {() => <Radio.Group aria-label={t("holdout.by")} optionType="button" value={sums ? "revenue" : "did"} options={(["did", "revenue"] as const).map((value) => ({ value, label: t(`holdout.metrics.${value}`) }))} onChange={(event) => url.change({ by: event.target.value === "revenue" ? "revenue" : null })} />}
            </Field>
            <div style={{ flex: "0 1 320px", minWidth: 200 }}>
              <EventSelect label={t("holdout.event")} value={events} onChange={(next) => url.change({ event: next })} />
            </div>
            {sums && <PropertySelect label={t("holdout.property")} scopes={["event"]} types={["number"]} events={events} value={property} onChange={setProperty} />}
            {events.length > 0 && (
              <Button loading={shown.isFetching} onClick={() => void shown.refetch()}>
                {t("holdout.read")}
              </Button>
            )}
          </div>
          {!events.length && <Empty title={t("holdout.choose")} />}
          {shown.error && <Failure error={shown.error} small />}
          {shown.data && events.length > 0 && <ReadingView reading={shown.data.reading} nameOf={(variant) => (variant === "holdout" ? t("holdout.held_out") : t("holdout.treated"))} />}
        </div>
      </Card>
      {events.length > 0 && course && course.points.length > 1 && <CourseView course={course} kind={metric.measure.kind} name={title} variant={t("holdout.treated")} />}
    </>
  );
}
