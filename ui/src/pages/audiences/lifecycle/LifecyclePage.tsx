import { useTranslation } from "react-i18next";
import { Failure } from "@/components/Failure";
import { LinkButton } from "@/components/LinkButton";
import { PageFrame } from "@/components/page";
import { Waiting } from "@/components/Waiting";
import { useMay, useProject } from "@/session/session";
import { useTagsOfKind } from "../studies/useTagsOfKind";
import { LifecycleHistory } from "./LifecycleHistory";
import { LifecycleSetUp } from "./LifecycleSetUp";
import "../audiences.css";

/** The lifecycle of people: by the newest tag of stages, or how to define one. */
export function LifecyclePage() {
  const { t } = useTranslation();
  const project = useProject();
  const may = useMay("edit_insights");
  const { tags, ready, error } = useTagsOfKind("stages");
  const tag = tags[0];
  if (!ready) return <Waiting />;
  return (
    <PageFrame title={t("studies.lifecycle.title")} hint={t("studies.lifecycle.hint")} extra={may && tag && <LinkButton to={`/p/${project.id}/tags/${tag.id}/edit`}>{t("studies.lifecycle.edit")}</LinkButton>}>
      {error ? <Failure error={error} /> : tag ? <LifecycleHistory tag={tag} /> : <LifecycleSetUp />}
    </PageFrame>
  );
}
