import { useQuery } from "@tanstack/react-query";
import { App, AutoComplete, Button, Card, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, ApiError, taken } from "@/api/client";
import { Failure } from "@/components/Failure";
import { LinkButton } from "@/components/LinkButton";
import { PageFrame, useAction } from "@/components/page";
import { useProject } from "@/session/session";
import { RhythmField } from "../common/RhythmField";
import type { Rhythm, Tag } from "../common/types";
import { DefinitionFields } from "./DefinitionFields";
import { readyTag } from "./ready";
import type { Definition } from "./types";

export interface BegunTag {
  name: string;
  description: string;
  category: string;
  owner: string;
  refresh: Rhythm;
  definition: Definition;
}

/** What a tag is called, where it belongs, and how its values are found. */
export function TagForm({ title, begun, tag }: { title: string; begun: BegunTag; tag?: Tag }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const project = useProject();
  const [held, hold] = useState(begun);
  const [tried, setTried] = useState(false);
  const save = useSave(tag);
  const home = `/p/${project.id}/tags`;
  const nameless = tried && !held.name.trim();
  const submit = () => {
    setTried(true);
    if (!held.name.trim()) return;
    const definition = readyTag(held.definition);
    if (!definition) return void message.warning(t("tagging.editor.fillFirst"));
    save.mutate({ ...held, definition });
  };
  const refused = save.error instanceof ApiError && save.error.path ? save.error : null;
  const manual = held.definition.kind === "manual";
  return (
    <PageFrame
      title={title}
      extra={
        <>
          <LinkButton to={tag ? `${home}/${tag.id}` : home}>{t("common.cancel")}</LinkButton>
          <Button type="primary" loading={save.isPending} onClick={submit}>
            {t("common.save")}
          </Button>
        </>
      }
    >
      <Card size="small">
        <Form layout="vertical" requiredMark={false} component="div">
          <div className="form-grid" style={{ rowGap: 0 }}>
            <Form.Item label={t("tagging.name")} htmlFor="tag-name" validateStatus={nameless ? "error" : undefined} help={nameless ? t("audiences.required") : undefined}>
              <Input id="tag-name" maxLength={200} autoFocus={!tag} value={held.name} onChange={(event) => hold({ ...held, name: event.target.value })} />
            </Form.Item>
            <Form.Item label={t("tagging.category")} htmlFor="tag-category" extra={t("tagging.categoryHint")}>
              <CategoryField value={held.category} onChange={(category) => hold({ ...held, category })} />
            </Form.Item>
            <Form.Item label={t("tagging.owner")} htmlFor="tag-owner">
              <Input id="tag-owner" maxLength={200} value={held.owner} onChange={(event) => hold({ ...held, owner: event.target.value })} />
            </Form.Item>
            <Form.Item label={t("common.description")} htmlFor="tag-description">
              <Input id="tag-description" maxLength={2000} value={held.description} onChange={(event) => hold({ ...held, description: event.target.value })} />
            </Form.Item>
          </div>
          {!manual && <RhythmField value={held.refresh} offered={held.definition.kind === "rule" ? undefined : ["never", "hourly", "daily"]} onChange={(refresh) => hold({ ...held, refresh })} />}
        </Form>
      </Card>
      {refused && <Failure error={refused} small />}
      <DefinitionFields value={held.definition} tried={tried} error={refused} onChange={(definition) => hold({ ...held, definition })} />
    </PageFrame>
  );
}

function CategoryField({ value, onChange }: { value: string; onChange: (category: string) => void }) {
  const project = useProject();
  const categories = useQuery({
    queryKey: ["tags", project.id, "categories"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/tags/categories", { params: { path: { project_id: project.id } } })),
  });
  const options = Object.keys(categories.data ?? {}).filter(Boolean).map((each) => ({ value: each }));
  return <AutoComplete id="tag-category" value={value} options={options} showSearch={{ filterOption: (text, option) => (option?.value ?? "").includes(text) }} onChange={onChange} />;
}

function useSave(tag: Tag | undefined) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const navigate = useNavigate();
  return useAction(
    (given: BegunTag) => {
      const body = { ...given, name: given.name.trim(), category: given.category.trim() } as never;
      if (tag) return taken(api.PATCH("/api/projects/{project_id}/tags/{tag_id}", { params: { path: { project_id, tag_id: tag.id } }, body }));
      return taken(api.POST("/api/projects/{project_id}/tags", { params: { path: { project_id } }, body }));
    },
    {
      done: (saved) => t(saved.kind === "manual" ? "tagging.editor.savedManual" : "tagging.editor.saved"),
      refresh: [["tags", project_id], ["subjects", project_id], ["runs", project_id], ["versions", project_id]],
      onDone: (saved) => void navigate(`/p/${project_id}/tags/${saved.id}`),
    },
  );
}
