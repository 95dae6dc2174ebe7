import { useTranslation } from "react-i18next";
import { useFigures } from "@/results/figures";
import { Clickable } from "@/results/Table";
import { STAGE_COLORS, type Stage, STAGES } from "./types";

interface Props {
  sizes: Readonly<Record<string, number>>;
  onPick?: (stage: Stage) => void;
}

/** The five stages side by side with their people. */
export function StageSizes({ sizes, onPick }: Props) {
  const { t } = useTranslation();
  const figures = useFigures();
  const total = STAGES.reduce((sum, stage) => sum + (sizes[stage] ?? 0), 0);
  return (
    <ol style={{ display: "grid", gridTemplateColumns: "repeat(5, minmax(96px, 1fr))", gap: 10, listStyle: "none", margin: 0, padding: 0, overflowX: "auto" }}>
      {STAGES.map((stage) => {
        const people = sizes[stage] ?? 0;
        return (
          <li key={stage} style={{ borderTop: `4px solid ${STAGE_COLORS[stage]}`, borderRadius: 4, padding: "8px 10px 4px" }}>
            <div style={{ fontSize: 13 }}>{t(`tagging.valueNames.${stage}`)}</div>
            <div className="figure" style={{ fontSize: 22, fontWeight: 600 }} data-testid={`stage-${stage}`}>
              <Clickable label={`${t(`tagging.valueNames.${stage}`)}: ${people}`} onClick={onPick && people ? () => onPick(stage) : undefined}>
                {figures.number(people)}
              </Clickable>
            </div>
            <div className="figure" style={{ fontSize: 12.5, opacity: 0.85 }}>
              {figures.percent(total ? people / total : 0)}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
