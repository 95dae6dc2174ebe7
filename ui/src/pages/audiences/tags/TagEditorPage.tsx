import { useQuery } from "@tanstack/react-query";
import { Card } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useParams } from "react-router";
import { api, taken } from "@/api/client";
import { Failure } from "@/components/Failure";
import { PageFrame } from "@/components/page";
import { LinkButton } from "@/components/LinkButton";
import { Waiting } from "@/components/Waiting";
import { useProject } from "@/session/session";
import { useFreshWindow } from "../conditions/useFreshWindow";
import { freshTag } from "./making";
import { TagForm } from "./TagForm";
import { type Definition, isPredicted, KINDS, type TagKind } from "./types";
import "../audiences.css";

/** A new tag of a chosen kind, or a new definition for one. */
export function TagEditorPage() {
  const { t } = useTranslation();
  const { tagId } = useParams();
  const { id: project_id } = useProject();
  const window = useFreshWindow();
  const [kind, setKind] = useState<TagKind | null>(null);
  const tag = useQuery({
    queryKey: ["tags", project_id, "one", tagId],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/tags/{tag_id}", { params: { path: { project_id, tag_id: tagId ?? "" } } })),
    enabled: tagId !== undefined,
  });
  if (tagId === undefined) {
    if (kind === null) return <KindChoice choose={setKind} />;
    const parts = (["activityKinds.active", "frequency", "event"] as const).map((name) => t(`tagging.editor.${name}`));
    return <TagForm title={`${t("tagging.editor.newTitle")} · ${t(`tagging.kinds.${kind}`)}`} begun={{ name: "", description: "", category: "", owner: "", refresh: "daily", definition: freshTag(kind, window, parts) }} />;
  }
  if (tag.isPending) return <Waiting />;
  if (tag.error) return <Failure error={tag.error} retry={() => void tag.refetch()} />;
  const { name, description, category, owner, refresh, definition } = tag.data;
  if (isPredicted(tag.data.kind)) return <Navigate replace to={`/p/${project_id}/predictions/${tagId}`} />;
  return <TagForm key={tagId} title={t("tagging.editor.editTitle")} tag={tag.data} begun={{ name, description, category, owner, refresh, definition: definition as unknown as Definition }} />;
}

function KindChoice({ choose }: { choose: (kind: TagKind) => void }) {
  const { t } = useTranslation();
  const project = useProject();
  return (
    <PageFrame title={t("tagging.editor.newTitle")} hint={t("tagging.editor.chooseKind")} extra={<LinkButton to={`/p/${project.id}/tags`}>{t("common.cancel")}</LinkButton>}>
      <div style={{ display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(240px, 1fr))", gap: 12 }}>
        {KINDS.map((kind) => (
          <button key={kind} type="button" className="kind-choice" onClick={() => choose(kind)}>
            <Card size="small" hoverable>
              <strong style={{ fontSize: 15 }}>{t(`tagging.kinds.${kind}`)}</strong>
              <div style={{ marginTop: 6, opacity: 0.85 }}>{t(`tagging.kindHints.${kind}`)}</div>
            </Card>
          </button>
        ))}
      </div>
    </PageFrame>
  );
}
