import { Spin } from "antd";
import { useTranslation } from "react-i18next";

/** Shown where something is being fetched. */
export function Waiting({ height = 240 }: { height?: number }) {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t("common.loading")} style={{ display: "grid", placeItems: "center", minHeight: height }}>
      <Spin />
    </div>
  );
}
