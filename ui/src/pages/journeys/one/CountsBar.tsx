import { useTranslation } from "react-i18next";
import { useFigures } from "@/results/figures";
import type { Counts } from "../common/types";

/** How many came in, are inside, reached the goal and left. */
export function CountsBar({ counts, hasGoal }: { counts: Counts; hasGoal: boolean }) {
  const { t } = useTranslation();
  const { number, percent } = useFigures();
  const left = Object.values(counts.left).reduce((sum, each) => sum + each, 0);
  const refused = counts.refused_again + counts.refused_full;
  const shown = [
    { name: t("journeys.figures.entered"), value: number(counts.entered), id: "entered" },
    { name: t("journeys.figures.inside"), value: number(counts.inside), id: "inside" },
    ...(hasGoal ? [{ name: t("journeys.figures.converted"), value: `${number(counts.converted)}${counts.entered ? ` (${percent(counts.converted / counts.entered)})` : ""}`, id: "converted" }] : []),
    { name: t("journeys.figures.left"), value: number(left), id: "left" },
    ...(refused ? [{ name: t("journeys.figures.refused"), value: number(refused), id: "refused" }] : []),
  ];
  return (
    <dl className="figures" style={{ margin: 0 }} aria-label={t("journeys.figures.live")}>
      {shown.map((each) => (
        <div key={each.id}>
          <dt>{each.name}</dt>
          <dd data-testid={each.id}>{each.value}</dd>
        </div>
      ))}
    </dl>
  );
}
