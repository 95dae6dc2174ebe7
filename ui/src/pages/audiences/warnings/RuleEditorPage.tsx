import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { LinkButton } from "@/components/LinkButton";
import { PageFrame } from "@/components/page";
import { Waiting } from "@/components/Waiting";
import { useProject } from "@/session/session";
import { useTags } from "./queries";
import { RuleForm } from "./RuleForm";
import { FRESH_RULE, type Rule } from "./types";
import "../audiences.css";

/** A new rule for warnings, or new values for one. */
export function RuleEditorPage() {
  const { t } = useTranslation();
  const { ruleId } = useParams();
  const { id: project_id } = useProject();
  const { tags, ready, error } = useTags();
  const rule = useQuery({
    queryKey: ["warning-rules", project_id, "one", ruleId],
    queryFn: async () => (await taken(api.GET("/api/projects/{project_id}/warnings/rules/{rule_id}", { params: { path: { project_id, rule_id: ruleId ?? "" } } }))) as unknown as Rule,
    enabled: ruleId !== undefined,
    staleTime: 0,
  });
  if (error) return <Failure error={error} />;
  if (rule.error) return <Failure error={rule.error} retry={() => void rule.refetch()} />;
  if (!ready || (ruleId !== undefined && rule.isPending)) return <Waiting />;
  if (!tags.length) {
    const make = (
      <LinkButton type="primary" to={`/p/${project_id}/tags/new`}>
        {t("tagging.create")}
      </LinkButton>
    );
    return (
      <PageFrame title={t("warnings.newTitle")}>
        <Empty title={t("warnings.noTags")} hint={t("warnings.noTagsHint")} action={make} />
      </PageFrame>
    );
  }
  return <RuleForm key={ruleId ?? ""} tags={tags} rule={rule.data} begun={rule.data ?? FRESH_RULE} />;
}
