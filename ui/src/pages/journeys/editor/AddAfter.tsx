import { Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";
import { PlusOutlined } from "@/components/icons";
import { KIND_ICONS } from "../common/icons";
import { type Definition, type NodeKind, PALETTE } from "../common/types";
import { added, placeAfter } from "./graph";

interface Props {
  definition: Definition;
  selected: string | null;
  change: (definition: Definition) => void;
  select: (id: string) => void;
}

/** Puts a node after the chosen one without a mouse. */
export function AddAfter({ definition, selected, change, select }: Props) {
  const { t } = useTranslation();
  const add = (kind: NodeKind) => {
    const made = added(definition, kind, placeAfter(definition, selected));
    change(made.definition);
    select(made.id);
  };
  const items = Object.entries(PALETTE).map(([group, kinds]) => ({
    key: group,
    type: "group" as const,
    label: t(`journeys.groups.${group as "waiting"}`),
    children: kinds.map((kind) => ({ key: kind, icon: KIND_ICONS[kind], label: t(`journeys.kinds.${kind}`) })),
  }));
  return (
    <Dropdown trigger={["click"]} menu={{ items, onClick: ({ key }) => add(key as NodeKind), style: { maxHeight: 420, overflow: "auto" } }}>
      <Button icon={<PlusOutlined />}>{t("journeys.editor.addAfter")}</Button>
    </Dropdown>
  );
}
