import { Alert, App, Button, Checkbox, Drawer, Form, Input, Radio, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ApiError, taken } from "@/api/client";
import { DeleteOutlined, PlusOutlined } from "@/components/icons";
import { useAction, useMemberNames } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import { MomentPicker } from "../shared/MomentPicker";
import type { Campaign, Task } from "../shared/types";
import { TaskFiles } from "./TaskFiles";

type Held = Pick<Task, "title" | "description" | "owner_id" | "due_at" | "required" | "checklist" | "depends_on" | "state">;
const NEW: Held = { title: "", description: "", owner_id: null, due_at: null, required: false, checklist: [], depends_on: [], state: "open" };

interface Props {
  campaign: Campaign;
  task: Task | undefined;
  tasks: Task[];
  close: () => void;
}

/** A task with its owner, due time, checklist and what it waits for. */
export function TaskDrawer({ campaign, task, tasks, close }: Props) {
  const { t } = useTranslation();
  const may = useMay("edit_insights");
  const [held, hold] = useState<Held>(task ?? NEW);
  const [refused, refuse] = useState<ApiError | null>(null);
  const { save, remove } = useVerbs(campaign, task, close, refuse);
  const set = (changes: Partial<Held>) => hold({ ...held, ...changes });
  const verbs = may && (
    <span className="row">
      {task && (
        <Button danger onClick={() => remove.mutate()}>
          {t("common.remove")}
        </Button>
      )}
      <Button type="primary" disabled={!held.title.trim()} loading={save.isPending} onClick={() => save.mutate(held)}>
        {t("common.save")}
      </Button>
    </span>
  );
  return (
    <Drawer open size={520} title={task ? task.title : t("campaigns.tasks.create")} extra={verbs} onClose={close}>
      <Form layout="vertical" component="div" disabled={!may}>
        {refused && <Alert style={{ marginBottom: 12 }} type="error" showIcon role="alert" title={refused.message} description={refused.hint ?? undefined} />}
        <Fields held={held} set={set} others={tasks.filter((each) => each.id !== task?.id)} isNew={!task} />
        <Checklist held={held} set={set} />
      </Form>
      {task && <TaskFiles campaign={campaign} taskId={task.id} />}
    </Drawer>
  );
}

interface Part {
  held: Held;
  set: (changes: Partial<Held>) => void;
}

function Fields({ held, set, others, isNew }: Part & { others: Task[]; isNew: boolean }) {
  const { t } = useTranslation();
  const members = useMemberNames();
  return (
    <>
      <Form.Item label={t("campaigns.tasks.what")} htmlFor="task-title">
        <Input id="task-title" autoFocus={isNew} maxLength={200} value={held.title} onChange={(event) => set({ title: event.target.value })} />
      </Form.Item>
      {!isNew && (
        <Form.Item label={t("campaigns.tasks.state")}>
          <Radio.Group aria-label={t("campaigns.tasks.state")} optionType="button" value={held.state} onChange={(event) => set({ state: event.target.value as Task["state"] })} options={(["open", "doing", "done"] as const).map((value) => ({ value, label: t(`campaigns.tasks.states.${value}`) }))} />
        </Form.Item>
      )}
      <div className="form-grid" style={{ marginBottom: 16 }}>
        <Form.Item label={t("campaigns.tasks.owner")} htmlFor="task-owner" style={{ margin: 0 }}>
          <Select id="task-owner" allowClear showSearch={{ optionFilterProp: "label" }} value={held.owner_id ?? undefined} options={[...members].map(([value, label]) => ({ value, label }))} onChange={(owner_id?: string) => set({ owner_id: owner_id ?? null })} />
        </Form.Item>
        <Form.Item label={t("campaigns.tasks.due")} htmlFor="task-due" style={{ margin: 0 }}>
          <MomentPicker id="task-due" value={held.due_at} onChange={(due_at) => set({ due_at })} />
        </Form.Item>
      </div>
      <Form.Item>
        <Checkbox checked={held.required} onChange={(event) => set({ required: event.target.checked })}>
          {t("campaigns.tasks.requiredHint")}
        </Checkbox>
      </Form.Item>
      <Form.Item label={t("campaigns.tasks.after")} htmlFor="task-after">
        <Select id="task-after" mode="multiple" showSearch={{ optionFilterProp: "label" }} value={held.depends_on} options={others.map((each) => ({ value: each.id, label: each.title }))} onChange={(depends_on) => set({ depends_on })} />
      </Form.Item>
      <Form.Item label={t("common.description")} htmlFor="task-description">
        <Input.TextArea id="task-description" maxLength={2000} autoSize={{ minRows: 2, maxRows: 8 }} value={held.description} onChange={(event) => set({ description: event.target.value })} />
      </Form.Item>
    </>
  );
}

function Checklist({ held, set }: Part) {
  const { t } = useTranslation();
  const items = held.checklist;
  const change = (place: number, changes: Partial<Held["checklist"][number]>) => set({ checklist: items.map((each, at) => (at === place ? { ...each, ...changes } : each)) });
  return (
    <Form.Item label={t("campaigns.tasks.checklist")}>
      <div className="stack" style={{ gap: 6 }}>
        {items.map((each, place) => (
          <div key={place} className="row" style={{ flexWrap: "nowrap" }}>
            <Checkbox aria-label={t("campaigns.tasks.tick", { title: each.text })} checked={each.done} onChange={(event) => change(place, { done: event.target.checked })} />
            <Input aria-label={t("campaigns.tasks.item", { number: place + 1 })} maxLength={200} value={each.text} onChange={(event) => change(place, { text: event.target.value })} />
            <Button type="text" icon={<DeleteOutlined />} aria-label={t("campaigns.tasks.dropItem", { text: each.text })} onClick={() => set({ checklist: items.filter((_, at) => at !== place) })} />
          </div>
        ))}
        <div>
          <Button size="small" icon={<PlusOutlined />} onClick={() => set({ checklist: [...items, { text: "", done: false }] })}>
            {t("campaigns.tasks.addItem")}
          </Button>
        </div>
      </div>
    </Form.Item>
  );
}

function useVerbs(campaign: Campaign, task: Task | undefined, close: () => void, refuse: (error: ApiError | null) => void) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { id: project_id } = useProject();
  const path = { project_id, campaign_id: campaign.id };
  const refresh = [["campaign", project_id, campaign.id]];
  const save = useAction(
    async ({ state, ...held }: Held) => {
      const body = { ...held, title: held.title.trim(), checklist: held.checklist.filter((each) => each.text.trim()) };
      try {
        if (!task) return await taken(api.POST("/api/projects/{project_id}/campaigns/{campaign_id}/tasks", { params: { path }, body }));
        return await taken(api.PATCH("/api/projects/{project_id}/campaigns/{campaign_id}/tasks/{task_id}", { params: { path: { ...path, task_id: task.id } }, body: { ...body, ...(state !== task.state && { state }) } }));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        refuse(error);
        return null;
      }
    },
    {
      refresh,
      onDone: (answer) => {
        if (!answer) return;
        void message.success(t("common.saved"));
        close();
      },
    },
  );
  const remove = useAction(() => api.DELETE("/api/projects/{project_id}/campaigns/{campaign_id}/tasks/{task_id}", { params: { path: { ...path, task_id: task?.id ?? "" } } }), { done: t("common.removed"), refresh, onDone: close });
  return { save, remove };
}
