import { useTranslation } from "react-i18next";
import { Choice, FilterSection } from "@/components/query/Fields";
import { eventsOf } from "@/query/starting";
import type { Query } from "@/query/types";
import { useFigures } from "@/results/figures";
import { FunnelForm } from "./FunnelForm";
import {
  AdoptionForm,
  CohortValueForm,
  CorrelationForm,
  DistributionForm,
  EngagementForm,
  IntervalsForm,
  LifecycleForm,
  PathsForm,
  RetentionForm,
  SessionsForm,
  StickinessForm,
} from "./OtherForms";
import { TrendForm } from "./TrendForm";

interface Props {
  query: Query;
  onChange: (query: Query) => void;
}

/** Everything that can be said of a query but its period. */
export function QueryForm({ query, onChange }: Props) {
  const { t } = useTranslation();
  const figures = useFigures();
  return (
    <div className="stack" style={{ gap: 20 }}>
      <OwnPart query={query} onChange={onChange} />
      <FilterSection value={query.filter} events={eventsOf(query)} onChange={(filter) => onChange({ ...query, filter })} />
      <Choice
        label={t("insights.sample")}
        value={String(query.sample ?? 1)}
        options={["1", "0.1", "0.01"].map((value) => ({ value, label: t("insights.ofPeople", { percent: figures.percent(Number(value)) }) }))}
        onChange={(share) => onChange({ ...query, sample: share === "1" ? null : Number(share) })}
      />
    </div>
  );
}

function OwnPart({ query, onChange }: Props) {
  switch (query.kind) {
    case "trend":
      return <TrendForm query={query} onChange={onChange} />;
    case "funnel":
      return <FunnelForm query={query} onChange={onChange} />;
    case "retention":
      return <RetentionForm query={query} onChange={onChange} />;
    case "paths":
      return <PathsForm query={query} onChange={onChange} />;
    case "lifecycle":
      return <LifecycleForm query={query} onChange={onChange} />;
    case "stickiness":
      return <StickinessForm query={query} onChange={onChange} />;
    case "distribution":
      return <DistributionForm query={query} onChange={onChange} />;
    case "intervals":
      return <IntervalsForm query={query} onChange={onChange} />;
    case "sessions":
      return <SessionsForm query={query} onChange={onChange} />;
    case "cohort_value":
      return <CohortValueForm query={query} onChange={onChange} />;
    case "adoption":
      return <AdoptionForm query={query} onChange={onChange} />;
    case "engagement":
      return <EngagementForm query={query} onChange={onChange} />;
    case "funnel_correlation":
      return <CorrelationForm query={query} onChange={onChange} />;
  }
}
