import { Typography } from "antd";
import { useTranslation } from "react-i18next";
import { useWording } from "@/components/page";
import type { HeldItem } from "./held";

/** How often an item was seen, where it was more than once. */
export function SeenTimes({ item }: { item: HeldItem }) {
  const { t } = useTranslation();
  const words = useWording();
  if (item.times < 2) return null;
  return (
    <div>
      <Typography.Text type="secondary" style={{ fontSize: 12 }}>
        {t("collect.quarantine.seenTimes", { shown: words.number(item.times), first: words.moment(item.first_at) })}
      </Typography.Text>
    </div>
  );
}
