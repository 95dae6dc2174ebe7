import { Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, taken } from "@/api/client";
import { useAction } from "@/components/page";
import { currentLanguage } from "@/i18n";
import { useProject } from "@/session/session";
import { begun, type Start, STARTS } from "./starts";

/** A name, and a common journey to begin with. */
export function NewJourney({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const navigate = useNavigate();
  const [start, setStart] = useState<Start>("blank");
  const [name, setName] = useState("");
  const called = name.trim() || t(`journeys.starts.${start}.name`);
  const create = useAction(() => taken(api.POST("/api/projects/{project_id}/journeys", { params: { path: { project_id } }, body: { name: called, unfinished: begun(start, currentLanguage()) as never, description: "" } })), {
    refresh: [["journeys", project_id, "list"]],
    onDone: (made) => void navigate(`/p/${project_id}/journeys/${made.id}`),
  });
  return (
    <Modal open width={820} title={t("journeys.create")} onCancel={close} okText={t("common.create")} confirmLoading={create.isPending} onOk={() => create.mutate()}>
      <div className="stack" style={{ gap: 16 }}>
        <label className="labelled">
          <span>{t("common.name")}</span>
          <Input maxLength={200} value={name} placeholder={called} onChange={(event) => setName(event.target.value)} />
        </label>
        <div className="journey-faces" role="group" aria-label={t("journeys.startWith")}>
          {STARTS.map((each) => (
            <button key={each} type="button" className="journey-face" aria-pressed={each === start} onClick={() => setStart(each)}>
              <strong>{t(`journeys.starts.${each}.name`)}</strong>
              <span style={{ fontSize: 13, opacity: 0.85 }}>{t(`journeys.starts.${each}.hint`)}</span>
            </button>
          ))}
        </div>
      </div>
    </Modal>
  );
}
