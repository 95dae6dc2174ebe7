import { Button, Card, Spin } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQueryClient } from "@tanstack/react-query";
import { Failure } from "@/components/Failure";
import { readAgain } from "@/components/page";
import { SelectorField } from "@/components/query/Fields";
import { finished } from "@/query/operators";
import type { Selector } from "@/query/types";
import { useProject } from "@/session/session";
import { Labelled } from "../common/Labelled";
import { useFreshWindow } from "../conditions/useFreshWindow";
import { useSettled } from "../conditions/useEstimate";
import { useStudy } from "../studies/ask";
import { SaveTag } from "../studies/SaveTag";
import { StagesFields } from "../tags/StagesFields";
import type { StageTag } from "../tags/types";
import { ReturnCurve } from "./ReturnCurve";
import { StageSizes } from "./StageSizes";
import type { Returns, Stage } from "./types";

/** From what counts as active to a definition of stages, with the curve that it follows from. */
export function LifecycleSetUp() {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const queries = useQueryClient();
  const window = useFreshWindow();
  const [active, setActive] = useState<Selector>({ events: [] });
  const [typed, type] = useState<StageTag | null>(null);
  const span = window.kind === "ever" ? window : { kind: "last", count: 365, unit: "day", include_current: true };
  const asked = useSettled({ active: { ...active, filter: finished(active.filter) }, window: span });
  const returns = useStudy<Returns>("stages/returns", asked);
  const definition = typed ?? (returns.data ? { ...returns.data.suggested, kind: "stages" as const } : null);
  const settled = useSettled(definition);
  const sizes = useStudy<{ stage: Stage; people: number }[]>("stages/sizes", settled);
  return (
    <>
      <Card size="small" title={t("studies.lifecycle.setUp")} extra={definition && <SaveTag name={t("studies.lifecycle.saveName")} definition={definition} then={() => void readAgain(queries, ["tags", project_id])} />}>
        <div className="stack">
          <span>{t("studies.lifecycle.setUpHint")}</span>
          <Labelled name={t("tagging.editor.active")}>
            <div style={{ flex: "1 1 320px", maxWidth: 560 }}>
              <SelectorField
                label={t("tagging.editor.active")}
                value={active}
                onChange={(next) => {
                  setActive(next);
                  type(null);
                }}
              />
            </div>
          </Labelled>
        </div>
      </Card>
      {returns.error && <Failure error={returns.error} retry={() => void returns.refetch()} />}
      {returns.isPending && <Spin style={{ padding: 48 }} />}
      {returns.data && definition && (
        <>
          <ReturnCurve returns={returns.data} definition={definition} />
          <Card size="small" title={t("studies.definition")} extra={typed && <Button size="small" onClick={() => type(null)}>{t("studies.lifecycle.useSuggested")}</Button>}>
            <StagesFields value={definition} onChange={type} />
          </Card>
          <Card size="small" title={t("studies.lifecycle.now")}>
            {sizes.error ? <Failure error={sizes.error} small /> : <StageSizes sizes={Object.fromEntries((sizes.data ?? []).map(({ stage, people }) => [stage, people]))} />}
          </Card>
        </>
      )}
    </>
  );
}
