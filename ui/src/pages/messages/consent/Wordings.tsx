import { Card, Table } from "antd";
import { useTranslation } from "react-i18next";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { Mark, Moment } from "@/components/page";
import { useFigures } from "@/results/figures";
import { type Figures, type Medium, useConsentFigures, usePurposeName } from "./queries";

type Wording = Figures["wordings"][number];

/** The words that people were shown when they said something, each version with its use. */
export function Wordings() {
  const { t } = useTranslation();
  const figures = useFigures();
  const found = useConsentFigures();
  const purposeName = usePurposeName();
  if (found.error) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (found.data?.wordings.length === 0) return <Empty title={t("consent.wordingsEmpty")} hint={t("consent.wordingsEmptyHint")} />;
  return (
    <div className="stack">
      <span style={{ opacity: 0.85 }}>{t("consent.wordingHint")}</span>
      <Card styles={{ body: { padding: 0 } }}>
        <Table<Wording>
          size="small"
          rowKey={(row) => `${row.purpose} ${row.medium} ${row.action} ${row.source} ${row.language} ${row.wording}`}
          loading={found.isPending}
          dataSource={found.data?.wordings}
          pagination={false}
          scroll={{ x: 1000 }}
          columns={[
            { title: t("consent.wording"), key: "wording", dataIndex: "wording" },
            { title: t("consent.purpose"), key: "purpose", width: 180, render: (_, row) => `${purposeName(row.purpose)} · ${t(`outbox.media.${row.medium as Medium}`)}` },
            { title: t("consent.action"), key: "action", width: 150, render: (_, row) => <Mark tone={row.action === "withdrawn" ? "care" : "good"}>{t(`consent.actions.${row.action as "given"}`)}</Mark> },
            { title: t("consent.source"), key: "source", dataIndex: "source", width: 150 },
            { title: t("consent.language"), key: "language", dataIndex: "language", width: 80 },
            { title: t("consent.used"), key: "count", width: 90, align: "right", render: (_, row) => <span className="figure">{figures.number(row.count)}</span> },
            {
              title: t("consent.firstLast"),
              key: "at",
              width: 180,
              render: (_, row) => (
                <div>
                  <div>
                    <Moment at={row.first_at} />
                  </div>
                  <Moment at={row.last_at} />
                </div>
              ),
            },
          ]}
        />
      </Card>
    </div>
  );
}
