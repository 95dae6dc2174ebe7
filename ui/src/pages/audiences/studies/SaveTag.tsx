import { Button, Input, Popover } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, taken } from "@/api/client";
import { TagOutlined } from "@/components/icons";
import { useAction } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import type { Definition } from "../tags/types";

interface Props {
  name: string;
  definition: Definition;
  /** Where to go then; the tag's page if left out. */
  then?: (tagId: string) => void;
}

/** Keeps a study's definition as a tag that is found anew every day. */
export function SaveTag({ name, definition, then }: Props) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const may = useMay("edit_insights");
  const navigate = useNavigate();
  const [typed, type] = useState(name);
  const save = useAction(() => taken(api.POST("/api/projects/{project_id}/tags", { params: { path: { project_id } }, body: { name: typed.trim(), description: "", category: "", owner: "", refresh: "daily", definition } as never })), {
    done: t("tagging.editor.saved"),
    refresh: [["tags", project_id], ["subjects", project_id]],
    onDone: (tag) => (then ? then(tag.id) : void navigate(`/p/${project_id}/tags/${tag.id}`)),
  });
  if (!may) return null;
  const content = (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Input aria-label={t("tagging.name")} value={typed} maxLength={200} style={{ width: 220 }} onChange={(event) => type(event.target.value)} />
      <Button type="primary" htmlType="submit" loading={save.isPending} disabled={!typed.trim()}>
        {t("common.save")}
      </Button>
    </form>
  );
  return (
    <Popover trigger="click" placement="bottomRight" content={content}>
      <Button type="primary" icon={<TagOutlined />}>
        {t("studies.saveAsTag")}
      </Button>
    </Popover>
  );
}
