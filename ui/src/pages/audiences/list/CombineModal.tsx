import { Form, Input, Modal, Radio, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, taken } from "@/api/client";
import { useAction } from "@/components/page";
import { useProject } from "@/session/session";
import { RhythmField } from "../common/RhythmField";
import type { Audience, Rhythm } from "../common/types";
import { EstimatePanel } from "../conditions/EstimatePanel";
import { type Combining, combined, WAYS } from "../conditions/combining";
import { useEstimate } from "../conditions/useEstimate";

/** A new audience of several: their union, intersection or difference. */
export function CombineModal({ audiences, close }: { audiences: Audience[]; close: () => void }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const navigate = useNavigate();
  const [way, setWay] = useState<Combining>("union");
  const [base, setBase] = useState(audiences[0]?.id ?? "");
  const [refresh, setRefresh] = useState<Rhythm>("daily");
  const [typed, setTyped] = useState<string | null>(null);
  const condition = combined(way, audiences.map((each) => each.id), base);
  const { estimate, busy, error } = useEstimate(condition);
  const others = audiences.filter((each) => way !== "minus" || each.id !== base);
  const name = typed ?? t(`audiences.combining.names.${way}`, { names: others.map((each) => each.name).join(t("audiences.combining.separator")), first: audiences.find((each) => each.id === base)?.name }).slice(0, 200);
  const save = useAction(() => taken(api.POST("/api/projects/{project_id}/audiences", { params: { path: { project_id } }, body: { name, description: "", refresh, people: { condition } } as never })), {
    done: t("audiences.editor.saved"),
    refresh: [["audiences", project_id], ["subjects", project_id]],
    onDone: (made) => void navigate(`/p/${project_id}/audiences/${made.id}`),
  });
  return (
    <Modal open width={640} title={t("audiences.combining.title")} onCancel={close} onOk={() => save.mutate()} okText={t("common.save")} okButtonProps={{ disabled: !name.trim() }} confirmLoading={save.isPending}>
      <Form layout="vertical" component="div">
        <Form.Item label={t("audiences.combining.how")} extra={t(`audiences.combining.wayHints.${way}`)}>
          <Radio.Group aria-label={t("audiences.combining.how")} optionType="button" value={way} onChange={(event) => setWay(event.target.value as Combining)} options={WAYS.map((each) => ({ value: each, label: t(`audiences.combining.ways.${each}`) }))} />
        </Form.Item>
        {way === "minus" && (
          <Form.Item label={t("audiences.combining.base")} htmlFor="combine-base">
            <Select id="combine-base" value={base} onChange={setBase} options={audiences.map((each) => ({ value: each.id, label: each.name }))} />
          </Form.Item>
        )}
        <Form.Item label={t("audiences.name")} htmlFor="combine-name">
          <Input id="combine-name" maxLength={200} value={name} onChange={(event) => setTyped(event.target.value)} />
        </Form.Item>
        <Form.Item>
          <RhythmField value={refresh} onChange={setRefresh} />
        </Form.Item>
      </Form>
      <EstimatePanel condition={condition} estimate={estimate} busy={busy} error={error} unfinished={0} />
    </Modal>
  );
}
