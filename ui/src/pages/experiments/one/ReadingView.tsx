import { Alert, Card } from "antd";
import { useTranslation } from "react-i18next";
import { useWording } from "@/components/page";
import { useProject } from "@/session/session";
import type { Experiment, Reading } from "../common/types";
import { ChecksCard } from "./ChecksCard";
import { GroupsCard } from "./GroupsCard";
import { MetricCard } from "./MetricCard";

const GOOD = ["better"];
const BAD = ["worse", "guard_rail_harmed", "stopped"];

interface Props {
  reading: Reading;
  /** Whose people can be looked at; without one, the reading is not of an experiment. */
  experiment?: Experiment;
  nameOf?: (variant: string) => string;
}

/** A reading: the verdict in words, the checks that may stop it, and every metric. */
export function ReadingView({ reading, experiment, nameOf = (variant) => variant }: Props) {
  const { t } = useTranslation();
  const stopped = reading.verdict.outcome === "stopped";
  return (
    <div className="stack" style={{ gap: 16 }}>
      <VerdictCard reading={reading} nameOf={nameOf} />
      {stopped && <Alert type="error" showIcon title={t("experiments.reading.stoppedTitle")} description={t("experiments.reading.stoppedHint")} />}
      <div className="two-columns">
        <GroupsCard reading={reading} experiment={experiment} nameOf={nameOf} />
        <ChecksCard reading={reading} />
      </div>
      {reading.metrics.map((metric) => (
        <MetricCard key={metric.key} metric={metric} reading={reading} nameOf={nameOf} stopped={stopped} />
      ))}
    </div>
  );
}

function VerdictCard({ reading, nameOf }: { reading: Reading; nameOf: (variant: string) => string }) {
  const { t, i18n } = useTranslation();
  const words = useWording(useProject().time_zone);
  const { outcome, variant, said, not_said } = reading.verdict;
  const tone = GOOD.includes(outcome) ? "good" : BAD.includes(outcome) ? "bad" : "";
  const own = (each: { en: string; zh: string }) => (i18n.language === "zh" ? each.zh : each.en);
  return (
    <Card size="small">
      <div className={`reading-verdict ${tone}`}>
        <div className="row between">
          <h2 data-testid="verdict">
            {variant && outcome !== "stopped" ? `${nameOf(variant)}: ` : ""}
            {t(`experiments.outcomes.${outcome}`)}
          </h2>
          <span style={{ fontSize: 13, opacity: 0.88 }}>{words.moment(reading.at_ms, false)}</span>
        </div>
        <div className="two-columns">
          {said.length > 0 && (
            <section>
              <strong>{t("experiments.reading.said")}</strong>
              <ul>
                {said.map((each) => (
                  <li key={each.en}>{own(each)}</li>
                ))}
              </ul>
            </section>
          )}
          {not_said.length > 0 && (
            <section>
              <strong>{t("experiments.reading.notSaid")}</strong>
              <ul>
                {not_said.map((each) => (
                  <li key={each.en}>{own(each)}</li>
                ))}
              </ul>
            </section>
          )}
        </div>
      </div>
    </Card>
  );
}
