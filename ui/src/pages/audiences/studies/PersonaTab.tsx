import { Alert, Card, Progress, Select, Spin } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { useEventsState, useProperties } from "@/query/catalog";
import { useSubjects } from "@/query/subjects";
import { useFigures } from "@/results/figures";
import { useSettled } from "../conditions/useEstimate";
import { useFreshWindow } from "../conditions/useFreshWindow";
import { useFailureWords } from "../common/Marks";
import { usePersona } from "./ask";
import { facetsOf, type OfferedFacet } from "./facets";
import { FacetCard } from "./FacetCard";
import type { Persona, PersonaBody } from "./personaTypes";
import type { PersonaProgress } from "./progress";
import { useFacetWords } from "./useFacetWords";

const NO_EVENTS: string[] = [];

/** What an audience is like, compared with everyone or with another audience. */
export function PersonaTab({ audienceId, name }: { audienceId: string; name: string }) {
  const { t } = useTranslation();
  const window = useFreshWindow();
  const { ready } = useEventsState();
  const known = useProperties(NO_EVENTS);
  const { subjects } = useSubjects();
  const offered = facetsOf(known, window);
  const [wanted, want] = useState<string[] | null>(null);
  const [against, setAgainst] = useState("");
  const words = useFacetWords();
  const chosen = offered.filter((each) => (wanted ? wanted.includes(each.key) : each.first));
  const body: PersonaBody | null = ready && chosen.length ? { query: { kind: "persona" as const, facets: chosen.map((each) => each.facet) }, of: { subject_id: audienceId }, against: against ? { subject_id: against } : null } : null;
  // Properties become known one event after the other.
  const asked = useSettled({ body, chosen }, 800);
  const persona = usePersona(asked.body);
  const others = subjects.filter((each) => each.type === "audience" && each.id !== audienceId).map(({ id, name: label }) => ({ value: id, label }));
  const otherName = others.find((each) => each.value === against)?.label ?? t("studies.persona.everyone");
  return (
    <div className="stack" style={{ gap: 16 }}>
      <div className="row" style={{ gap: 16 }}>
        <label className="row">
          <span>{t("studies.persona.against")}</span>
          <Select aria-label={t("studies.persona.against")} value={against} style={{ minWidth: 180 }} showSearch={{ optionFilterProp: "label" }} options={[{ value: "", label: t("studies.persona.everyone") }, ...others]} onChange={setAgainst} />
        </label>
        <label className="row" style={{ flex: "1 1 320px" }}>
          <span>{t("studies.persona.addFacets")}</span>
          <Select mode="multiple" maxTagCount="responsive" aria-label={t("studies.persona.addFacets")} style={{ flex: 1, minWidth: 200 }} value={chosen.map((each) => each.key)} showSearch={{ optionFilterProp: "label" }} options={offered.map((each) => ({ value: each.key, label: words.facet(each) }))} onChange={want} />
        </label>
      </div>
      {persona.error && <Failure error={persona.error} retry={() => void persona.refetch()} />}
      {persona.isPending && <Spin style={{ padding: 48 }} />}
      {persona.data && !persona.error && <Answer progress={persona.data} chosen={asked.chosen} names={[name, otherName]} busy={persona.isFetching} />}
    </div>
  );
}

interface AnswerProps {
  progress: PersonaProgress;
  chosen: readonly OfferedFacet[];
  names: [string, string];
  busy: boolean;
}

function Answer({ progress, chosen, names, busy }: AnswerProps) {
  const { t } = useTranslation();
  const { whole, facets } = progress;
  if (whole && !whole.people) return <Empty title={t("audiences.one.noPeople")} />;
  // A facet of which nobody has a value says nothing.
  const told = facets.filter((facet) => facet.values.some((each) => each.value !== null && each.people + each.others > 0));
  return (
    <div className="stack" style={{ gap: 16 }} aria-busy={busy}>
      {!progress.ended && (
        <div className="row" role="status" style={{ gap: 12 }}>
          <Progress aria-label={t("studies.persona.asking", { done: progress.done, total: progress.total })} percent={Math.round((100 * progress.done) / Math.max(1, progress.total))} showInfo={false} style={{ flex: "0 1 320px", margin: 0 }} />
          <span className="figure">{t("studies.persona.asking", { done: progress.done, total: progress.total })}</span>
        </div>
      )}
      <Failed progress={progress} chosen={chosen} />
      {whole && <Findings persona={whole} chosen={chosen} />}
      <div className="two-columns">
        {told.map((facet) => {
          const offered = chosen[facet.facet];
          return offered && <FacetCard key={offered.key} facet={facet} offered={offered} names={names} />;
        })}
      </div>
    </div>
  );
}

/** Facets that could not be asked, and why. */
function Failed({ progress, chosen }: { progress: PersonaProgress; chosen: readonly OfferedFacet[] }) {
  const { t } = useTranslation();
  const words = useFacetWords();
  const failure = useFailureWords();
  if (!progress.failed.length) return null;
  return (
    <Alert
      type="warning"
      showIcon
      title={t("studies.persona.failed")}
      description={
        <ul style={{ margin: 0, paddingInlineStart: 18 }}>
          {progress.failed.map(({ at, error }) => {
            const offered = chosen[at];
            return (
              <li key={at}>
                {offered && `${words.facet(offered)}: `}
                {failure(error)}
              </li>
            );
          })}
        </ul>
      }
    />
  );
}

/** The top differences in words. */
function Findings({ persona, chosen }: { persona: Persona; chosen: readonly OfferedFacet[] }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const words = useFacetWords();
  return (
    <Card size="small" title={t("studies.persona.findings")}>
      <div className="stack" style={{ gap: 6 }}>
        <span style={{ fontSize: 13, opacity: 0.85 }}>{t("studies.persona.findingsHint")}</span>
        {persona.findings.length === 0 && <strong>{t("studies.persona.noFindings")}</strong>}
        <ol style={{ margin: 0, paddingInlineStart: 20, lineHeight: 1.8 }}>
          {persona.findings.slice(0, 8).map((finding) => {
            const facet = chosen[finding.facet];
            const shares = persona.facets.find((each) => each.facet === finding.facet)?.values.find((each) => each.value === finding.value && !each.other);
            if (!facet || !shares) return null;
            return (
              <li key={`${finding.facet}|${finding.value}`}>
                {t(`studies.persona.${finding.direction}`, {
                  name: words.value(facet, finding.value),
                  share: figures.percent(shares.share?.value),
                  other: figures.percent(shares.other_share?.value),
                  ratio: finding.ratio === null ? "–" : figures.number(finding.ratio),
                  sure: figures.percent(Math.abs(finding.sure)),
                })}
              </li>
            );
          })}
        </ol>
      </div>
    </Card>
  );
}
