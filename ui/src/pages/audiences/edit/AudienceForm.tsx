import { App, Button, Card, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, ApiError, taken } from "@/api/client";
import { LinkButton } from "@/components/LinkButton";
import { PageFrame, useAction } from "@/components/page";
import { useProject } from "@/session/session";
import { ConditionBuilder, elsewhere, useReady } from "../conditions/ConditionBuilder";
import { EstimatePanel } from "../conditions/EstimatePanel";
import type { Condition } from "../conditions/types";
import { useEstimate } from "../conditions/useEstimate";
import { RhythmField } from "../common/RhythmField";
import type { Audience, Rhythm } from "../common/types";
import "../audiences.css";

export interface Begun {
  name: string;
  description: string;
  refresh: Rhythm;
  condition: Condition;
}

/** The name, rhythm and conditions of an audience, with its size while they are written. */
export function AudienceForm({ title, begun, audience }: { title: string; begun: Begun; audience?: Audience }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const project = useProject();
  const [held, hold] = useState(begun);
  const [tried, setTried] = useState(false);
  const ready = useReady(held.condition);
  const { estimate, error, busy } = useEstimate(ready.condition, audience?.id);
  const save = useSave(audience);
  const home = `/p/${project.id}/audiences`;
  const submit = () => {
    setTried(true);
    if (!held.name.trim()) return;
    if (!ready.condition) return void message.warning(t("audiences.editor.saveFirst"));
    if (ready.unfinished.length) return void message.warning(t("audiences.editor.fillFirst"));
    save.mutate({ ...held, condition: ready.condition });
  };
  const refused = save.error instanceof ApiError && save.error.path ? save.error : null;
  const shown = error ?? refused;
  return (
    <PageFrame
      title={title}
      extra={
        <>
          <LinkButton to={audience ? `${home}/${audience.id}` : home}>{t("common.cancel")}</LinkButton>
          <Button type="primary" loading={save.isPending} onClick={submit}>
            {t("common.save")}
          </Button>
        </>
      }
    >
      <div className="editor-columns">
        <div className="stack" style={{ gap: 16, minWidth: 0 }}>
          <Card size="small">
            <Form layout="vertical" requiredMark={false} component="div">
              <div style={{ display: "grid", gridTemplateColumns: "repeat(auto-fit, minmax(240px, 1fr))", columnGap: 16 }}>
                <Form.Item label={t("audiences.name")} htmlFor="audience-name" validateStatus={tried && !held.name.trim() ? "error" : undefined} help={tried && !held.name.trim() ? t("audiences.required") : undefined}>
                  <Input id="audience-name" maxLength={200} value={held.name} autoFocus={!audience} onChange={(event) => hold({ ...held, name: event.target.value })} />
                </Form.Item>
                <Form.Item label={t("common.description")} htmlFor="audience-description">
                  <Input id="audience-description" maxLength={2000} value={held.description} onChange={(event) => hold({ ...held, description: event.target.value })} />
                </Form.Item>
              </div>
              <RhythmField value={held.refresh} onChange={(refresh) => hold({ ...held, refresh })} />
            </Form>
          </Card>
          <Card size="small" title={t("audiences.editor.definition")}>
            <ConditionBuilder value={held.condition} ready={ready} error={shown} onChange={(condition) => hold({ ...held, condition })} />
          </Card>
        </div>
        <aside>
          <EstimatePanel condition={ready.condition} estimate={estimate} busy={busy} error={elsewhere(error, ready)} unfinished={ready.unfinished.length} saved={audience?.size} />
        </aside>
      </div>
    </PageFrame>
  );
}

function useSave(audience: Audience | undefined) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const navigate = useNavigate();
  return useAction(
    ({ name, description, refresh, condition }: Begun) => {
      const said = { name: name.trim(), description, refresh };
      if (audience) return taken(api.PATCH("/api/projects/{project_id}/audiences/{audience_id}", { params: { path: { project_id, audience_id: audience.id } }, body: { ...said, condition } as never }));
      return taken(api.POST("/api/projects/{project_id}/audiences", { params: { path: { project_id } }, body: { ...said, people: { condition } } as never }));
    },
    {
      done: t("audiences.editor.saved"),
      refresh: [["audiences", project_id], ["subjects", project_id], ["runs", project_id], ["versions", project_id]],
      onDone: (saved) => void navigate(`/p/${project_id}/audiences/${saved.id}`),
    },
  );
}
