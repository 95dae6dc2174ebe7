import { useTranslation } from "react-i18next";
import { Intervals, type Row } from "../common/Intervals";
import type { MetricReading } from "../common/types";

const WAYS = ["once", "any_time", "believed"] as const;

/** The same difference for one look, for every look, and as a belief. */
export function WaysPart({ metric, nameOf }: { metric: MetricReading; nameOf: (variant: string) => string }) {
  const { t } = useTranslation();
  return (
    <div className="stack wide-scroll">
      {metric.effects.map((effect) => {
        const rows: Row[] = WAYS.map((way) => ({ key: way, label: t(`experiments.reading.${way}`), range: effect[way] ?? null, better: metric.better, quiet: true }));
        return (
          <div key={effect.variant}>
            {metric.effects.length > 1 && <strong>{nameOf(effect.variant)}</strong>}
            <Intervals rows={rows} kind={metric.kind} label={`${metric.name}: ${t("experiments.reading.ways")}`} />
          </div>
        );
      })}
    </div>
  );
}
