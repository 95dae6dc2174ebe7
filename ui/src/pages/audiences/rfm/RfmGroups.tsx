import { Card } from "antd";
import { useTranslation } from "react-i18next";
import { COLORS } from "@/results/Chart";
import { useFigures } from "@/results/figures";
import { Clickable, Table } from "@/results/Table";
import type { Rfm, RfmGroup, Select } from "./types";

/** The eight groups with their shares of people and money, and the lever recommended for each. */
export function RfmGroups({ rfm, select }: { rfm: Rfm; select: Select }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const nameOf = (group: RfmGroup) => t(`tagging.valueNames.${group.group}`);
  const bar = (share: number | null, place: number) => (
    <span className="row" style={{ flexWrap: "nowrap", justifyContent: "flex-end" }}>
      <span className="share-bar" style={{ width: 80, display: "inline-block" }} aria-hidden>
        <div style={{ width: `${(share ?? 0) * 100}%`, background: COLORS[place] }} />
      </span>
      <span style={{ minWidth: 48 }}>{figures.percent(share)}</span>
    </span>
  );
  return (
    <Card size="small" title={t("studies.rfm.groups")} styles={{ body: { padding: 0 } }}>
      <Table<RfmGroup>
        rows={rfm.groups}
        keyOf={(group) => group.group}
        columns={[
          { title: t("studies.rfm.group"), key: "group", show: (group) => <strong>{nameOf(group)}</strong> },
          { title: t("studies.rfm.lever"), key: "lever", show: (group) => <span title={t(`studies.leverHints.${group.lever}`)}><strong>{t(`studies.levers.${group.lever}`)}</strong></span> },
          { title: t("studies.people"), key: "people", numeric: true, by: (group) => group.people, show: (group) => <Clickable label={`${nameOf(group)}: ${group.people}`} onClick={group.people ? () => select({ group: group.group }, nameOf(group)) : undefined}>{figures.number(group.people)}</Clickable> },
          { title: t("studies.share"), key: "share", numeric: true, by: (group) => group.share, show: (group) => bar(group.share, 0) },
          { title: t("studies.rfm.valueShare"), key: "value", numeric: true, by: (group) => group.value_share, show: (group) => bar(group.value_share, 1) },
          { title: t("studies.rfm.meanRecency"), key: "recency", numeric: true, by: (group) => group.mean_recency, show: (group) => figures.number(group.mean_recency) },
          { title: t("studies.rfm.meanFrequency"), key: "frequency", numeric: true, by: (group) => group.mean_frequency, show: (group) => figures.number(group.mean_frequency) },
          { title: t("studies.rfm.meanMoney"), key: "monetary", numeric: true, by: (group) => group.mean_monetary, show: (group) => figures.number(group.mean_monetary) },
        ]}
      />
    </Card>
  );
}
