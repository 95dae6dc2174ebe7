import { Checkbox, Input, Modal, Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { useAction } from "@/components/page";
import { useProject } from "@/session/session";
import type { Journey } from "../common/types";

interface Props {
  journey: Journey;
  close: () => void;
}

/** Going on, with or without what came meanwhile. */
export function Resume({ journey, close }: Props) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const [catch_up, setCatchUp] = useState(false);
  const act = useAction(() => taken(api.POST("/api/projects/{project_id}/journeys/{journey_id}/resume", { params: { path: { project_id, journey_id: journey.id } }, body: { catch_up } })), {
    done: t("journeys.verbs.done.resume"),
    refresh: [["journeys", project_id]],
    onDone: close,
  });
  return (
    <Modal open title={t("journeys.verbs.resume")} onCancel={close} okText={t("journeys.verbs.resume")} confirmLoading={act.isPending} onOk={() => act.mutate()}>
      <div className="stack">
        <span>{t("journeys.verbs.resumeHint")}</span>
        <Checkbox checked={catch_up} onChange={(event) => setCatchUp(event.target.checked)}>
          {t("journeys.verbs.catchUp")}
        </Checkbox>
      </div>
    </Modal>
  );
}

/** Letting nobody in any more. */
export function Stop({ journey, close }: Props) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const [people, setPeople] = useState<"finish" | "leave">("finish");
  const act = useAction(() => taken(api.POST("/api/projects/{project_id}/journeys/{journey_id}/stop", { params: { path: { project_id, journey_id: journey.id } }, body: { people } })), {
    done: t("journeys.verbs.done.stop"),
    refresh: [["journeys", project_id]],
    onDone: close,
  });
  return (
    <Modal open title={t("journeys.verbs.stop")} onCancel={close} okText={t("journeys.verbs.stop")} okButtonProps={{ danger: true }} confirmLoading={act.isPending} onOk={() => act.mutate()}>
      <Radio.Group vertical value={people} options={(["finish", "leave"] as const).map((value) => ({ value, label: t(`journeys.verbs.stops.${value}`) }))} onChange={(event) => setPeople(event.target.value as "finish")} />
    </Modal>
  );
}

/** The name and description. */
export function Naming({ journey, close }: Props) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const [name, setName] = useState(journey.name);
  const [description, setDescription] = useState(journey.description);
  const act = useAction(() => taken(api.PATCH("/api/projects/{project_id}/journeys/{journey_id}", { params: { path: { project_id, journey_id: journey.id } }, body: { name: name.trim(), description } })), {
    done: t("common.saved"),
    refresh: [["journeys", project_id]],
    onDone: close,
  });
  return (
    <Modal open title={t("common.rename")} onCancel={close} okText={t("common.save")} okButtonProps={{ disabled: !name.trim() }} confirmLoading={act.isPending} onOk={() => act.mutate()}>
      <div className="stack">
        <label className="labelled">
          <span>{t("common.name")}</span>
          <Input maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        <label className="labelled">
          <span>{t("common.description")}</span>
          <Input.TextArea maxLength={2000} autoSize={{ minRows: 2, maxRows: 6 }} value={description} onChange={(event) => setDescription(event.target.value)} />
        </label>
      </div>
    </Modal>
  );
}
