import { useTranslation } from "react-i18next";
import { Empty } from "@/components/Empty";
import type { Breakdown, Query } from "@/query/types";
import { LifecycleView, StickinessView } from "./BarViews";
import { BreakdownContext } from "./figures";
import { FunnelView } from "./FunnelView";
import { PathsView } from "./PathsView";
import { RetentionView } from "./RetentionView";
import { SessionsView } from "./SessionsView";
import { SpreadView } from "./SpreadView";
import { TrendView } from "./TrendView";
import type { Result, ViewProps } from "./types";
import { AdoptionView, CohortValueView, CorrelationView, EngagementView } from "./ValueViews";

/** Whether there is nothing in a result to be shown. */
export function isEmpty(result: Result): boolean {
  switch (result.kind) {
    case "trend":
      return result.lines.length === 0 || result.lines.every((line) => !line.total && line.values.every((value) => !value));
    case "funnel":
      return !result.overall?.steps[0]?.people && result.segments.length === 0;
    case "retention":
      return result.groups.every((group) => group.size === 0);
    case "lifecycle":
      return result.groups.every((group) => group.units.every((unit) => unit.new + unit.returning + unit.resurrected + unit.dormant === 0));
    case "stickiness":
      return result.groups.every((group) => group.spans.every((span) => span.exactly.every((people) => !people)));
    case "distribution":
    case "intervals":
      return result.groups.every((group) => group.whole.values === 0);
    case "sessions":
      return result.groups.every((group) => group.total.sessions === 0);
    case "paths":
      return result.paths === 0;
    case "cohort_value":
      return result.groups.every((group) => group.size === 0);
    case "adoption":
      return result.people === 0;
    case "engagement":
      return result.whole.people === 0;
    case "funnel_correlation":
      return result.entered === 0;
  }
}

/** A result of any analysis, as it is best looked at. */
export function ResultView(props: ViewProps<Result>) {
  const { t } = useTranslation();
  if (isEmpty(props.result)) return <Empty title={t("insights.nothing")} hint={t("insights.nothingHint")} />;
  return (
    <BreakdownContext value={props.query ? breakdownsOf(props.query) : NONE}>
      <OfKind {...props} />
    </BreakdownContext>
  );
}

const NONE: Breakdown[] = [];

function breakdownsOf(query: Query): readonly Breakdown[] {
  if ("breakdowns" in query) return query.breakdowns ?? NONE;
  return "breakdown" in query && query.breakdown ? [query.breakdown] : NONE;
}

function OfKind(props: ViewProps<Result>) {
  const { result } = props;
  switch (result.kind) {
    case "trend":
      return <TrendView {...props} result={result} />;
    case "funnel":
      return <FunnelView {...props} result={result} />;
    case "retention":
      return <RetentionView {...props} result={result} />;
    case "lifecycle":
      return <LifecycleView {...props} result={result} />;
    case "stickiness":
      return <StickinessView {...props} result={result} />;
    case "distribution":
    case "intervals":
      return <SpreadView {...props} result={result} />;
    case "sessions":
      return <SessionsView {...props} result={result} />;
    case "paths":
      return <PathsView {...props} result={result} />;
    case "cohort_value":
      return <CohortValueView {...props} result={result} />;
    case "adoption":
      return <AdoptionView {...props} result={result} />;
    case "engagement":
      return <EngagementView {...props} result={result} />;
    case "funnel_correlation":
      return <CorrelationView {...props} result={result} />;
  }
}
