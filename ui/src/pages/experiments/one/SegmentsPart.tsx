import { useTranslation } from "react-i18next";
import { useFigures } from "@/results/figures";
import { Intervals, type Row } from "../common/Intervals";
import type { MetricReading } from "../common/types";
import { useSubjects } from "@/query/subjects";

/** The effects among people of each segment that was declared, and whether they differ. */
export function SegmentsPart({ metric, nameOf }: { metric: MetricReading; nameOf: (variant: string) => string }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { subjects } = useSubjects();
  const segments = metric.segments ?? [];
  const called = (name: string) => subjects.find((each) => each.id === name)?.name ?? name;
  return (
    <div className="stack" style={{ gap: 16 }}>
      {[...new Set(segments.map((each) => each.segment))].map((name) => {
        const mine = segments.filter((each) => each.segment === name);
        const rows: Row[] = mine.flatMap((each) =>
          each.effects.map((effect) => ({
            key: `${each.value}|${effect.variant}`,
            label: `${each.value || t("experiments.reading.noValue")}${metric.effects.length > 1 ? ` · ${nameOf(effect.variant)}` : ""} (${figures.number(each.figures.reduce((sum, one) => sum + one.people, 0))})`,
            range: effect.difference,
            reason: effect.reason ? t(`experiments.reading.reasons.${effect.reason as "no_people"}`) : undefined,
            better: metric.better,
            quiet: true,
          })),
        );
        return (
          <section key={name} className="stack wide-scroll" style={{ gap: 6 }}>
            <strong>{t("experiments.reading.segments", { name: called(name) })}</strong>
            <Intervals rows={rows} kind={metric.kind} label={t("experiments.reading.segments", { name: called(name) })} />
            {(metric.segment_differences ?? [])
              .filter((each) => each.segment === name && each.p_value !== null)
              .map((each) => (
                <span key={each.variant} style={{ fontSize: 13 }}>
                  {nameOf(each.variant)}: {t((each.p_value ?? 1) < 0.05 ? "experiments.reading.segmentsDiffer" : "experiments.reading.segmentsAlike", { p: Number((each.p_value ?? 1).toPrecision(2)) })}
                </span>
              ))}
          </section>
        );
      })}
    </div>
  );
}
