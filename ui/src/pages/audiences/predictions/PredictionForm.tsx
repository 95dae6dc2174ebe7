import { Form, Input, InputNumber, Modal, Radio, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api } from "@/api/client";
import { PropertySelect } from "@/components/query/PropertySelect";
import { SelectorField } from "@/components/query/Fields";
import { useAction } from "@/components/page";
import { useProperties, useValues } from "@/query/catalog";
import { send } from "@/query/requests";
import { useProject } from "@/session/session";
import { definitionOf, FRESH, type Held, heldOf, isReady, usualHorizon } from "./making";
import type { Prediction, PredictionKind } from "./types";

const KINDS: readonly PredictionKind[] = ["churn", "value", "outcome"];
const NO_EVENTS: string[] = [];

interface Props {
  /** The one to change; a new one if left out. */
  prediction?: Prediction;
  close: () => void;
}

/** What is to be foretold: who leaves, what everyone will be worth, or a property's value. */
export function PredictionForm({ prediction, close }: Props) {
  const { t } = useTranslation();
  const [held, hold] = useState<Held>(prediction ? heldOf(prediction) : FRESH);
  const name = held.name.trim() || t(`studies.predictions.kinds.${held.kind}`);
  const save = useSave(prediction, close);
  return (
    <Modal open width={620} title={t(prediction ? "studies.predictions.edit" : "studies.predictions.create")} onCancel={close} onOk={() => save.mutate({ ...held, name })} okText={t("common.save")} okButtonProps={{ disabled: !isReady(held) }} confirmLoading={save.isPending}>
      <Form layout="vertical" component="div">
        <Form.Item>
          <Radio.Group aria-label={t("tagging.kind")} optionType="button" disabled={prediction !== undefined} value={held.kind} options={KINDS.map((value) => ({ value, label: t(`studies.predictions.kinds.${value}`) }))} onChange={(event) => hold({ ...held, kind: event.target.value as PredictionKind, horizon: usualHorizon(event.target.value as PredictionKind) })} />
        </Form.Item>
        <Form.Item label={t("studies.predictions.name")} htmlFor="prediction-name">
          <Input id="prediction-name" maxLength={200} placeholder={name} value={held.name} onChange={(event) => hold({ ...held, name: event.target.value })} />
        </Form.Item>
        {held.kind === "outcome" ? <OutcomeFields held={held} hold={hold} /> : <LogFields held={held} hold={hold} />}
        <Form.Item label={t("studies.predictions.schedule")} extra={prediction ? t("studies.predictions.trainedAnew") : undefined} style={{ marginBottom: 0 }}>
          <Radio.Group aria-label={t("studies.predictions.schedule")} optionType="button" value={held.refresh} options={(["daily", "never"] as const).map((value) => ({ value, label: t(`studies.predictions.schedules.${value}`) }))} onChange={(event) => hold({ ...held, refresh: event.target.value as Held["refresh"] })} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function useSave(prediction: Prediction | undefined, close: () => void) {
  const { t } = useTranslation();
  const { id } = useProject();
  const navigate = useNavigate();
  return useAction(
    async (held: Held) => {
      const said = { name: held.name, refresh: held.refresh, definition: definitionOf(held, prediction?.definition) };
      if (!prediction) return (await (await send(id, "predictions", said)).json()) as { id: string };
      await api.PATCH("/api/projects/{project_id}/tags/{tag_id}", { params: { path: { project_id: id, tag_id: prediction.id } }, body: said as never });
      return { id: prediction.id };
    },
    {
      done: prediction ? t("studies.predictions.saved") : undefined,
      refresh: [["study", id, "predictions"], ["predictions", id], ["tags", id], ["versions", id], ["subjects", id]],
      onDone: (made) => {
        close();
        if (!prediction) void navigate(`/p/${id}/predictions/${made.id}`);
      },
    },
  );
}

interface FieldsProps {
  held: Held;
  hold: (held: Held) => void;
}

function LogFields({ held, hold }: FieldsProps) {
  const { t } = useTranslation();
  const label = t(held.kind === "churn" ? "studies.predictions.active" : "studies.predictions.purchase");
  return (
    <>
      <Form.Item label={label}>
        <SelectorField label={label} value={held.selector} onChange={(selector) => hold({ ...held, selector })} />
      </Form.Item>
      {held.kind === "value" && (
        <>
          <Form.Item label={t("studies.predictions.revenue")}>
            <PropertySelect label={t("studies.predictions.revenue")} events={held.selector.events} scopes={["event"]} types={["number"]} value={held.revenue} onClear={() => hold({ ...held, revenue: null })} onChange={(revenue) => hold({ ...held, revenue })} />
          </Form.Item>
          <Form.Item label={t("studies.predictions.contract")}>
            <Radio.Group aria-label={t("studies.predictions.contract")} optionType="button" value={held.contract} options={(["none", "month", "year"] as const).map((value) => ({ value, label: t(`studies.predictions.contracts.${value}`) }))} onChange={(event) => hold({ ...held, contract: event.target.value as Held["contract"] })} />
          </Form.Item>
        </>
      )}
      <Form.Item label={t("studies.predictions.horizon")} htmlFor="prediction-horizon">
        <InputNumber id="prediction-horizon" min={1} max={730} value={held.horizon} onChange={(horizon) => hold({ ...held, horizon: horizon ?? 30 })} />
      </Form.Item>
    </>
  );
}

function OutcomeFields({ held, hold }: FieldsProps) {
  const { t } = useTranslation();
  const known = useProperties(NO_EVENTS).filter((each) => each.ref.scope === "person" && each.ref.name !== held.label?.name);
  const values = useValues(held.label ?? { scope: "person", name: "" }, NO_EVENTS);
  return (
    <>
      <Form.Item label={t("studies.predictions.label")}>
        <PropertySelect label={t("studies.predictions.label")} scopes={["person"]} value={held.label} onChange={(label) => hold({ ...held, label, positive: "" })} />
      </Form.Item>
      <Form.Item label={t("studies.predictions.positive")}>
        <Select mode="tags" maxCount={1} aria-label={t("studies.predictions.positive")} value={held.positive ? [held.positive] : []} options={values.map((value) => ({ value }))} onChange={([positive]: string[]) => hold({ ...held, positive: positive ?? "" })} />
      </Form.Item>
      <Form.Item label={t("studies.predictions.features")}>
        <Select mode="multiple" aria-label={t("studies.predictions.features")} value={held.features} options={known.map((each) => ({ value: each.ref.name, label: each.label }))} onChange={(features: string[]) => hold({ ...held, features })} />
      </Form.Item>
    </>
  );
}
