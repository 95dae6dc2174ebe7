import { Card } from "antd";
import { useTranslation } from "react-i18next";
import { useFigures } from "@/results/figures";
import { HeatTable } from "@/results/HeatTable";
import type { Rfm, Select } from "./types";

/** How many buyers have which scores of recency and frequency. */
export function RfmHeat({ rfm, select }: { rfm: Rfm; select: Select }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const recencies = [...new Set(rfm.cells.map((cell) => cell.recency))].sort((one, other) => other - one);
  const frequencies = [...new Set(rfm.cells.map((cell) => cell.frequency))].sort((one, other) => one - other);
  const most = Math.max(1, ...rfm.cells.map((cell) => cell.people));
  const rows = recencies.map((recency) => {
    const own = rfm.cells.filter((cell) => cell.recency === recency);
    const people = own.reduce((sum, cell) => sum + cell.people, 0);
    return {
      name: `R${recency}`,
      size: figures.number(people),
      onClick: people ? () => select({ recency }, `R${recency}`) : undefined,
      cells: frequencies.map((frequency) => {
        const cell = own.find((each) => each.frequency === frequency);
        return {
          text: cell?.people ? figures.number(cell.people) : "",
          heat: cell?.people ? cell.people / most : null,
          title: cell ? `${t("studies.rfm.meanMoney")}: ${figures.number(cell.mean_monetary)}` : undefined,
          onClick: cell?.people ? () => select({ recency, frequency }, `R${recency} · F${frequency}`) : undefined,
        };
      }),
    };
  });
  return (
    <Card size="small" title={t("studies.rfm.heat")}>
      <div className="stack" style={{ gap: 8 }}>
        <span style={{ fontSize: 13, opacity: 0.85 }}>{t("studies.rfm.heatHint")}</span>
        <HeatTable corner={[t("studies.rfm.recency"), t("studies.people")]} columns={frequencies.map((each) => `F${each}`)} rows={rows} caption={t("studies.rfm.heat")} />
      </div>
    </Card>
  );
}
