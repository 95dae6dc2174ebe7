import { Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConditionBuilder, elsewhere, useReady } from "@/pages/audiences/conditions/ConditionBuilder";
import { EstimatePanel } from "@/pages/audiences/conditions/EstimatePanel";
import type { Condition } from "@/pages/audiences/conditions/types";
import { useEstimate } from "@/pages/audiences/conditions/useEstimate";

const NOBODY: Condition = { kind: "all", items: [] };

/** The editor of conditions that audiences have, with how many people there are now. */
export function ConditionDialog({ title, value, onChange, close }: { title: string; value: Condition | null | undefined; onChange: (condition: Condition) => void; close: () => void }) {
  const { t } = useTranslation();
  const [held, hold] = useState<Condition>(value ?? NOBODY);
  const ready = useReady(held);
  const { estimate, error, busy } = useEstimate(ready.condition);
  const whole = ready.condition !== null && ready.unfinished.length === 0;
  return (
    <Modal open width={1040} title={title} onCancel={close} okText={t("common.apply")} okButtonProps={{ disabled: !whole }} onOk={() => ready.condition && onChange(single(ready.condition))}>
      <div className="editor-columns" style={{ minHeight: 300 }}>
        <ConditionBuilder value={held} ready={ready} error={error} onChange={hold} />
        <aside>
          <EstimatePanel condition={ready.condition} estimate={estimate} busy={busy} error={elsewhere(error, ready)} unfinished={ready.unfinished.length} />
        </aside>
      </div>
    </Modal>
  );
}

/** A group of one is the one. */
function single(condition: Condition): Condition {
  const only = condition.kind === "all" && condition.items.length === 1 ? condition.items[0] : undefined;
  return only ?? condition;
}
