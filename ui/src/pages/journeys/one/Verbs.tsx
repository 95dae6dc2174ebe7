import { App, Button, Dropdown } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, taken } from "@/api/client";
import { PauseOutlined, PlayCircleOutlined, SaveOutlined } from "@/components/icons";
import { useAction } from "@/components/page";
import { useConfirm } from "@/pages/audiences/common/useConfirm";
import { useMay, useProject } from "@/session/session";
import type { Journey, Problem } from "../common/types";
import { Naming, Resume, Stop } from "./dialogs";
import type { Draft } from "./JourneyPage";
import { Publish } from "./Publish";

interface Props {
  journey: Journey;
  draft: Draft;
  whole: boolean;
  problems: readonly Problem[];
}

type Dialog = "publish" | "resume" | "stop" | "naming" | null;

/** What can be done with the journey now, in its state and by this member. */
export function Verbs({ journey, draft, whole, problems }: Props) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const mayEdit = useMay("edit_insights");
  const mayRun = useMay("edit_data");
  const [dialog, show] = useState<Dialog>(null);
  const change = useStateChange(journey);
  const { state, version } = journey;
  const ready = (go: () => void) => () => {
    if (problems.length) return void message.warning(t("journeys.verbs.mendFirst", { count: problems.length }), 5);
    if (draft.dirty) draft.save(go);
    else go();
  };
  const startable = state === "draft" || state === "ended";
  return (
    <>
      {mayEdit && (
        <Button icon={<SaveOutlined />} disabled={!draft.dirty} loading={draft.saving} onClick={() => draft.save()}>
          {t("common.save")}
        </Button>
      )}
      {mayRun && (
        <Button type={startable ? "default" : "primary"} disabled={!whole} onClick={ready(() => show("publish"))}>
          {t("journeys.verbs.publish")}
        </Button>
      )}
      {mayRun && startable && (
        <Button type="primary" icon={<PlayCircleOutlined />} disabled={!whole} loading={change.isPending} onClick={version ? () => change.mutate("start") : ready(() => change.mutate("start"))}>
          {t("journeys.verbs.start")}
        </Button>
      )}
      {mayRun && (state === "running" || state === "closing") && (
        <Button icon={<PauseOutlined />} loading={change.isPending} onClick={() => change.mutate("pause")}>
          {t("journeys.verbs.pause")}
        </Button>
      )}
      {mayRun && state === "paused" && (
        <Button type="primary" icon={<PlayCircleOutlined />} onClick={() => show("resume")}>
          {t("journeys.verbs.resume")}
        </Button>
      )}
      <More journey={journey} forget={draft.forget} show={show} mayEdit={mayEdit} mayRun={mayRun} />
      {dialog === "publish" && <Publish journey={journey} revision={draft.revision} close={() => show(null)} />}
      {dialog === "resume" && <Resume journey={journey} close={() => show(null)} />}
      {dialog === "stop" && <Stop journey={journey} close={() => show(null)} />}
      {dialog === "naming" && <Naming journey={journey} close={() => show(null)} />}
    </>
  );
}

function More({ journey, forget, show, mayEdit, mayRun }: { journey: Journey; forget: () => void; show: (dialog: Dialog) => void; mayEdit: boolean; mayRun: boolean }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const navigate = useNavigate();
  const confirm = useConfirm();
  const path = { project_id, journey_id: journey.id };
  const refresh = [["journeys", project_id, "list"]];
  const copy = useAction(() => taken(api.POST("/api/projects/{project_id}/journeys", { params: { path: { project_id } }, body: { name: t("journeys.verbs.copyName", { name: journey.name }).slice(0, 200), description: journey.description, unfinished: journey.draft as never } })), {
    refresh,
    onDone: (made) => void navigate(`/p/${project_id}/journeys/${made.id}`),
  });
  const remove = useAction(() => api.DELETE("/api/projects/{project_id}/journeys/{journey_id}", { params: { path } }), {
    done: t("common.removed"),
    refresh,
    onDone: () => {
      forget();
      void navigate(`/p/${project_id}/journeys`);
    },
  });
  const stoppable = ["running", "paused", "closing"].includes(journey.state);
  const items = [
    ...(mayEdit ? [{ key: "naming", label: t("common.rename"), onClick: () => show("naming") }, { key: "copy", label: t("common.duplicate"), onClick: () => copy.mutate() }] : []),
    ...(mayRun && stoppable ? [{ key: "stop", danger: true, label: t("journeys.verbs.stop"), onClick: () => show("stop") }] : []),
    ...(mayRun ? [{ key: "remove", danger: true, label: t("common.remove"), onClick: () => void confirm(t("journeys.verbs.removeConfirm", { name: journey.name }), () => remove.mutate()) }] : []),
  ];
  if (!items.length) return null;
  return (
    <Dropdown trigger={["click"]} menu={{ items }}>
      <Button aria-label={t("common.more")}>⋯</Button>
    </Dropdown>
  );
}

/** Starts or pauses a journey. */
function useStateChange(journey: Journey) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const params = { path: { project_id, journey_id: journey.id } };
  return useAction(
    (verb: "start" | "pause") => (verb === "start" ? taken(api.POST("/api/projects/{project_id}/journeys/{journey_id}/start", { params })) : taken(api.POST("/api/projects/{project_id}/journeys/{journey_id}/pause", { params }))),
    { done: (_, verb) => t(`journeys.verbs.done.${verb}`), refresh: [["journeys", project_id]] },
  );
}
