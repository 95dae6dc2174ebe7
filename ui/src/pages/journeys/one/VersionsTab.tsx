import { Button, Card, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { stringify } from "yaml";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { Mark, Moment } from "@/components/page";
import { aligned, type Pair } from "@/pages/audiences/common/compare/align";
import { useFigures } from "@/results/figures";
import { Table } from "@/results/Table";
import { useVersions } from "../common/queries";
import type { Definition, Journey, Version } from "../common/types";

interface Props {
  journey: Journey;
  restore: (definition: Definition) => void;
  mayEdit: boolean;
}

const DRAFT = 0;

/** What was published, who is on it, and what is different from one to the next. */
export function VersionsTab({ journey, restore, mayEdit }: Props) {
  const { t } = useTranslation();
  const { number } = useFigures();
  const versions = useVersions(journey.id);
  if (versions.error) return <Failure error={versions.error} retry={() => void versions.refetch()} />;
  const list = (versions.data ?? []).toReversed();
  if (!versions.isPending && !list.length) return <Empty title={t("journeys.versions.empty")} hint={t("journeys.versions.emptyHint")} />;
  return (
    <div className="stack" style={{ gap: 16 }}>
      <Card size="small">
        <Table<Version>
          rows={list}
          keyOf={(each) => String(each.number)}
          columns={[
            {
              title: t("journeys.version"),
              key: "number",
              show: (each) => (
                <span className="row" style={{ gap: 6 }}>
                  {t("journeys.versionNumber", { number: each.number })}
                  {each.number === journey.version && <Mark tone="good">{t("journeys.versions.current")}</Mark>}
                  {each.moves_on && <Mark tone="busy">{t("journeys.versions.movesOn")}</Mark>}
                </span>
              ),
            },
            { title: t("journeys.figures.inside"), key: "inside", numeric: true, show: (each) => number(each.inside) },
            { title: t("journeys.versions.by"), key: "by", show: (each) => each.created_by.name },
            { title: t("journeys.versions.at"), key: "at", show: (each) => <Moment at={each.created_at} /> },
            ...(mayEdit
              ? [
                  {
                    title: t("common.actions"),
                    key: "verbs",
                    show: (each: Version) => (
                      <Button size="small" onClick={() => restore(each.definition)}>
                        {t("journeys.versions.restore")}
                      </Button>
                    ),
                  },
                ]
              : []),
          ]}
        />
      </Card>
      <Compare journey={journey} versions={list} />
    </div>
  );
}

function Compare({ journey, versions }: { journey: Journey; versions: Version[] }) {
  const { t } = useTranslation();
  const [before, setBefore] = useState(journey.version);
  const [after, setAfter] = useState(DRAFT);
  const of = (number: number) => (number === DRAFT ? journey.draft : versions.find((each) => each.number === number)?.definition);
  const pairs = aligned(linesOf(of(before)), linesOf(of(after)));
  const options = [{ value: DRAFT, label: t("journeys.versions.draft") }, ...versions.map((each) => ({ value: each.number, label: t("journeys.versionNumber", { number: each.number }) }))];
  return (
    <Card size="small" title={t("journeys.versions.compare")}>
      <Differences
        pairs={pairs}
        before={<Select size="small" aria-label={t("journeys.versions.before")} style={{ minWidth: 140 }} value={before} options={options} onChange={setBefore} />}
        after={<Select size="small" aria-label={t("journeys.versions.after")} style={{ minWidth: 140 }} value={after} options={options} onChange={setAfter} />}
      />
    </Card>
  );
}

/** A definition as lines of YAML; where nodes stand is no difference. */
export function linesOf(definition: Definition | undefined) {
  if (!definition) return [];
  return stringify({ ...definition, layout: undefined }, { lineWidth: 0 })
    .trimEnd()
    .split("\n")
    .map((text) => ({ text: text.trimStart(), depth: Math.floor((text.length - text.trimStart().length) / 2) }));
}

const AROUND = 2;

/** Two texts side by side, only where they differ and a little around it. */
export function Differences({ pairs, before, after }: { pairs: readonly Pair[]; before: React.ReactNode; after: React.ReactNode }) {
  const { t } = useTranslation();
  const near = pairs.map((_, place) => pairs.slice(Math.max(0, place - AROUND), place + AROUND + 1).some((each) => each.change !== "same"));
  const changed = near.some(Boolean);
  return (
    <div className="stack" style={{ overflow: "auto" }}>
      <table className="compared">
        <thead>
          <tr>
            <th scope="col">{before}</th>
            <th scope="col">{after}</th>
          </tr>
        </thead>
        <tbody className="journey-yaml">
          {pairs.map((pair, place) => near[place] && <Row key={place} pair={pair} />)}
        </tbody>
      </table>
      {!changed && <span style={{ opacity: 0.85 }}>{t("journeys.versions.same")}</span>}
    </div>
  );
}

function Row({ pair }: { pair: Pair }) {
  const { t } = useTranslation();
  const cell = (side: "before" | "after") => {
    const line = pair[side];
    const changed = line && pair.change !== "same";
    return (
      <td className={changed ? side : undefined} style={line ? { paddingInlineStart: 10 + line.depth * 16 } : undefined}>
        {changed && <span className="sr-only">{t(`audiences.one.changes.${pair.change}`)}: </span>}
        {line?.text}
      </td>
    );
  };
  return (
    <tr>
      {cell("before")}
      {cell("after")}
    </tr>
  );
}
