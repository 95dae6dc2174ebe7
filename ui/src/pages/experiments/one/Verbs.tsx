import { App, Button, Dropdown, Input, Modal, Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, taken } from "@/api/client";
import { PauseOutlined, PlayCircleOutlined, ReloadOutlined } from "@/components/icons";
import { LinkButton } from "@/components/LinkButton";
import { useAction } from "@/components/page";
import { useConfirm } from "@/pages/audiences/common/useConfirm";
import { useMay, useProject } from "@/session/session";
import type { Experiment } from "../common/types";
import { Field } from "../edit/MetricEditor";
import { useRead } from "./useReadNow";

/** What can be done with an experiment as it stands. */
export function Verbs({ experiment }: { experiment: Experiment }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const { modal } = App.useApp();
  const may = useMay("edit_insights");
  const navigate = useNavigate();
  const confirm = useConfirm();
  const [deciding, decide] = useState(false);
  const params = { path: { project_id, experiment_id: experiment.id } };
  const refresh = [["experiments", project_id], ["layers", project_id], ["flags", project_id]];
  const read = useRead(experiment.id);
  const start = useAction(() => taken(api.POST("/api/projects/{project_id}/experiments/{experiment_id}/start", { params })), { done: t("experiments.one.startedDone"), refresh });
  const stop = useAction(() => taken(api.POST("/api/projects/{project_id}/experiments/{experiment_id}/stop", { params })), { done: t("experiments.one.stoppedDone"), refresh });
  const remove = useAction(() => api.DELETE("/api/projects/{project_id}/experiments/{experiment_id}", { params }), { done: t("common.removed"), refresh: [["experiments", project_id, "list"], ["experiments", project_id, "all"]], onDone: () => void navigate(`/p/${project_id}/experiments`) });
  if (!may) return null;
  const copied = { name: t("experiments.one.copyName", { name: experiment.name }), hypothesis: experiment.hypothesis, plan: experiment.plan };
  const more = [
    { key: "copy", label: t("experiments.one.copy"), onClick: () => void navigate(`/p/${project_id}/experiments/new`, { state: copied }) },
    ...(experiment.status !== "running" ? [{ key: "remove", danger: true, label: t("experiments.one.remove"), onClick: () => void confirm(t("experiments.one.removeConfirm", { name: experiment.name }), () => remove.mutate()) }] : []),
  ];
  return (
    <>
      {experiment.status === "draft" && (
        <>
          <LinkButton to={`/p/${project_id}/experiments/${experiment.id}/edit`}>{t("common.edit")}</LinkButton>
          <Button type="primary" icon={<PlayCircleOutlined />} loading={start.isPending} onClick={() => void modal.confirm({ title: t("experiments.one.startConfirm"), okText: t("experiments.one.start"), onOk: () => start.mutate() })}>
            {t("experiments.one.start")}
          </Button>
        </>
      )}
      {experiment.started_at && (
        <Button type={experiment.status === "running" ? "primary" : "default"} icon={<ReloadOutlined />} loading={read.isPending} onClick={() => read.mutate()}>
          {t(read.isPending ? "experiments.one.reading" : "experiments.one.read")}
        </Button>
      )}
      {experiment.status === "running" && (
        <Button icon={<PauseOutlined />} loading={stop.isPending} onClick={() => void modal.confirm({ title: t("experiments.one.stopConfirm"), okText: t("experiments.one.stop"), onOk: () => stop.mutate() })}>
          {t("experiments.one.stop")}
        </Button>
      )}
      {experiment.status === "stopped" && (
        <Button type="primary" onClick={() => decide(true)}>
          {t("experiments.one.decide")}
        </Button>
      )}
      <Dropdown trigger={["click"]} menu={{ items: more }}>
        <Button aria-label={t("common.more")}>⋯</Button>
      </Dropdown>
      {deciding && <Decide experiment={experiment} close={() => decide(false)} />}
    </>
  );
}

function Decide({ experiment, close }: { experiment: Experiment; close: () => void }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const [variant, choose] = useState(experiment.last?.outcome === "better" && experiment.last.variant ? experiment.last.variant : experiment.plan.control);
  const [reason, setReason] = useState("");
  const decide = useAction(() => taken(api.POST("/api/projects/{project_id}/experiments/{experiment_id}/decide", { params: { path: { project_id, experiment_id: experiment.id } }, body: { variant, reason } })), {
    done: t("common.saved"),
    refresh: [["experiments", project_id]],
    onDone: close,
  });
  return (
    <Modal open title={t("experiments.one.decideTitle")} onCancel={close} okText={t("experiments.one.keep")} okButtonProps={{ loading: decide.isPending }} onOk={() => decide.mutate()}>
      <div className="stack">
        <span>{t("experiments.one.decideHint")}</span>
        <Radio.Group aria-label={t("experiments.variant")} value={variant} onChange={(event) => choose(event.target.value as string)} options={experiment.plan.variants.map(({ key, name }) => ({ value: key, label: name ? `${key} · ${name}` : key }))} />
        <Field label={t("experiments.one.reason")}>{(id) => <Input.TextArea id={id} maxLength={2000} value={reason} autoSize={{ minRows: 2 }} onChange={(event) => setReason(event.target.value)} />}</Field>
      </div>
    </Modal>
  );
}
