import { DeleteOutlined } from "@/components/icons";
import { Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";
import { useMetrics } from "@/query/metrics";
import type { Series } from "@/query/types";

/** A series that is a metric of the project: defined there, named here. */
export function MetricSeries({ badge, series, onRemove }: { badge: string; series: Series; onRemove?: () => void }) {
  const { t } = useTranslation();
  const metric = useMetrics().items.find((each) => each.id === series.metric);
  return (
    <div className="selector">
      <div className="row" style={{ gap: 6, flexWrap: "nowrap" }}>
        <span className="badge">{badge}</span>
        <span className="grow">
          {t("nav.pages.metrics")}: <strong>{metric?.name ?? series.metric}</strong>
        </span>
        {onRemove && <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("common.remove")} onClick={onRemove} />}
      </div>
    </div>
  );
}

/** The project's metrics to choose from; nothing where there are none. */
export function UseMetric({ onUse }: { onUse: (metric: string) => void }) {
  const { t } = useTranslation();
  const { items: metrics } = useMetrics();
  if (!metrics.length) return null;
  return (
    <Dropdown trigger={["click"]} menu={{ items: metrics.map((metric) => ({ key: metric.id, label: metric.name })), onClick: ({ key }) => onUse(key) }}>
      <Button size="small" type="text">
        {t("insights.metrics.useMetric")}
      </Button>
    </Dropdown>
  );
}
