import { Button, Card, Collapse } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/Failure";
import type { zh } from "@/i18n/zh";
import { useFigures } from "@/results/figures";
import { Table } from "@/results/Table";
import { useLevelName } from "../predictions/useLevelName";
import type { Lever } from "../rfm/types";
import { useRead } from "./ask";
import { type Shown, StudyPeople } from "./StudyPeople";

interface Levers {
  people: number;
  levers: { lever: Lever; people: number; share: number; at_stake: number | null }[];
  groups: { stage: string | null; value: string | null; risk: string | null; lever: Lever; people: number; expected: number | null; at_risk: number | null }[];
  missing: ("stage" | "value" | "risk")[];
}

type Coded = keyof (typeof zh)["tagging"]["valueNames"];

/** The next best lever of everybody in an audience, with the people and the money at stake. */
export function LeversCard({ audienceId }: { audienceId: string }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const levelName = useLevelName();
  const [shown, show] = useState<Shown | null>(null);
  const open = (lever: Lever) => show({ title: t(`studies.levers.${lever}`), path: `audiences/${audienceId}/levers/people`, body: { lever } });
  const found = useRead<Levers>(`audiences/${audienceId}/levers`);
  const stageName = (stage: string | null) => (stage === null ? "–" : t(`tagging.valueNames.${stage as Coded}`, { defaultValue: stage }));
  const level = (value: string | null) => (value === null ? "–" : levelName(value));
  const { levers = [], groups = [], missing = [] } = found.data ?? {};
  return (
    <Card size="small" title={t("studies.lever.title")} loading={found.isPending}>
      <div className="stack">
        <span style={{ fontSize: 13, opacity: 0.85 }}>{t("studies.lever.hint")}</span>
        {found.error && <Failure error={found.error} small />}
        {missing.length > 0 && <span>{t("studies.lever.missing", { names: missing.map((each) => t(`studies.lever.missings.${each}`)).join(t("audiences.combining.separator")) })}</span>}
        {levers.length > 0 && (
          <Table
            rows={levers}
            keyOf={(each) => each.lever}
            columns={[
              { title: t("studies.lever.lever"), key: "lever", show: (each) => <span><strong>{t(`studies.levers.${each.lever}`)}</strong> <small>{t(`studies.leverHints.${each.lever}`)}</small></span> },
              { title: t("studies.people"), key: "people", numeric: true, by: (each) => each.people, show: (each) => each.people ? <Button type="link" size="small" onClick={() => open(each.lever)}>{figures.number(each.people)}</Button> : figures.number(0) },
              { title: t("studies.share"), key: "share", numeric: true, show: (each) => figures.percent(each.share) },
              { title: t("studies.lever.atStake"), key: "stake", numeric: true, by: (each) => each.at_stake, show: (each) => figures.compact(each.at_stake) },
            ]}
          />
        )}
        {groups.length > 0 && (
          <Collapse
            size="small"
            items={[
              {
                key: "groups",
                label: t("studies.lever.groups"),
                children: (
                  <Table
                    rows={groups}
                    keyOf={(each) => [each.stage, each.value, each.risk, each.lever].join("|")}
                    columns={[
                      { title: t("studies.lever.stage"), key: "stage", show: (each) => stageName(each.stage) },
                      { title: t("studies.lever.value"), key: "value", show: (each) => level(each.value) },
                      { title: t("studies.lever.risk"), key: "risk", show: (each) => level(each.risk) },
                      { title: t("studies.lever.lever"), key: "lever", show: (each) => t(`studies.levers.${each.lever}`) },
                      { title: t("studies.people"), key: "people", numeric: true, by: (each) => each.people, show: (each) => figures.number(each.people) },
                      { title: t("studies.predictions.expected"), key: "expected", numeric: true, by: (each) => each.expected, show: (each) => figures.compact(each.expected) },
                    ]}
                  />
                ),
              },
            ]}
          />
        )}
        <StudyPeople shown={shown} close={() => show(null)} />
      </div>
    </Card>
  );
}
