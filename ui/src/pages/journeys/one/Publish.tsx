import { Modal, Radio, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { useAction } from "@/components/page";
import { aligned } from "@/pages/audiences/common/compare/align";
import { Labelled } from "@/pages/audiences/common/Labelled";
import { useProject } from "@/session/session";
import { useVersions } from "../common/queries";
import type { Journey } from "../common/types";
import { useSummary } from "../common/useSummary";
import { Differences, linesOf } from "./VersionsTab";

const OUT = "";

/** What becomes of those inside as a new version is published, and what is new in it. */
export function Publish({ journey, revision, close }: { journey: Journey; revision: number; close: () => void }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const words = useSummary();
  const versions = useVersions(journey.id);
  const [running, setRunning] = useState<"finish" | "move">("finish");
  const [mapping, setMapping] = useState<Record<string, string>>({});
  const older = (versions.data ?? []).filter((each) => each.inside > 0 || each.number === journey.version);
  const current = versions.data?.at(-1);
  const gone = [...new Set(older.flatMap((each) => Object.keys(each.definition.nodes)))].filter((id) => !(id in journey.draft.nodes));
  const nameOf = (id: string) => words.title(older.find((each) => id in each.definition.nodes)?.definition ?? journey.draft, id);
  const body = { revision, running, mapping: running === "move" ? Object.fromEntries(gone.map((id) => [id, mapping[id] || null])) : {} };
  const act = useAction(() => taken(api.POST("/api/projects/{project_id}/journeys/{journey_id}/publish", { params: { path: { project_id, journey_id: journey.id } }, body })), {
    done: (made) => t("journeys.verbs.published", { number: made.version }),
    refresh: [["journeys", project_id]],
    onDone: close,
  });
  const targets = [{ value: OUT, label: t("journeys.form.out") }, ...Object.keys(journey.draft.nodes).map((id) => ({ value: id, label: words.title(journey.draft, id) }))];
  return (
    <Modal open width={860} title={t("journeys.verbs.publishTitle", { number: journey.version + 1 })} onCancel={close} okText={t("journeys.verbs.publish")} confirmLoading={act.isPending} onOk={() => act.mutate()}>
      <div className="stack" style={{ gap: 16 }}>
        {current ? (
          <>
            <Labelled name={t("journeys.verbs.inside")}>
              <Radio.Group vertical value={running} options={(["finish", "move"] as const).map((value) => ({ value, label: t(`journeys.verbs.running.${value}`) }))} onChange={(event) => setRunning(event.target.value as "finish")} />
            </Labelled>
            {running === "move" && gone.map((id) => (
              <Labelled key={id} name={t("journeys.verbs.mapping", { name: nameOf(id) })}>
                <Select aria-label={t("journeys.verbs.mapping", { name: nameOf(id) })} style={{ minWidth: 240 }} value={mapping[id] ?? OUT} options={targets} onChange={(target: string) => setMapping({ ...mapping, [id]: target })} />
              </Labelled>
            ))}
            <Differences pairs={aligned(linesOf(current.definition), linesOf(journey.draft))} before={t("journeys.versionNumber", { number: current.number })} after={t("journeys.versions.draft")} />
          </>
        ) : (
          <span>{t("journeys.verbs.firstVersion")}</span>
        )}
      </div>
    </Modal>
  );
}
