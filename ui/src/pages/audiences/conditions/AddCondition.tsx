import { Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";
import { PlusOutlined } from "@/components/icons";
import { useFreshWindow } from "./useFreshWindow";
import { CONDITION_ICONS } from "./icons";
import { fresh, OFFERED, type Offered } from "./making";
import type { Condition } from "./types";

/** A button that adds a condition of a kind. */
export function AddCondition({ add, nested, groups }: { add: (condition: Condition) => void; nested: boolean; groups: boolean }) {
  const { t } = useTranslation();
  const window = useFreshWindow();
  const offered = OFFERED.filter((each) => groups || each !== "group");
  const items = offered.map((key) => ({
    key,
    icon: CONDITION_ICONS[key],
    label: (
      <div style={{ lineHeight: 1.35 }}>
        <div>{t(`conditions.kinds.${key}`)}</div>
        <div style={{ fontSize: 12, opacity: 0.78 }}>{t(`conditions.kindHints.${key}`)}</div>
      </div>
    ),
  }));
  return (
    <div>
      <Dropdown trigger={["click"]} menu={{ items, onClick: ({ key }) => add(fresh(key as Offered, window)), style: { maxHeight: 460, overflow: "auto" } }}>
        <Button type="dashed" size={nested ? "small" : "middle"} icon={<PlusOutlined />}>
          {t(nested ? "conditions.addTo" : "conditions.add")}
        </Button>
      </Dropdown>
    </div>
  );
}
