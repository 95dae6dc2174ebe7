import { useQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, taken } from "@/api/client";
import { LinkButton } from "@/components/LinkButton";
import { useMay, useProject } from "@/session/session";
import type { Experiment } from "../common/types";

/** Which flags show the experiment; nobody enters where none does. */
export function Exposing({ experiment }: { experiment: Experiment }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const may = useMay("edit_insights");
  const wanted = experiment.plan.source.kind === "exposed";
  const flags = useQuery({
    queryKey: ["flags", project_id, "all"],
    queryFn: async () => (await taken(api.GET("/api/projects/{project_id}/flags", { params: { path: { project_id }, query: { limit: 500 } } }))).items,
    enabled: wanted,
  });
  if (!wanted || !flags.data) return null;
  const mine = flags.data.filter((flag) => JSON.stringify(flag.definition.environments).includes(experiment.id));
  if (mine.length) {
    return (
      <span>
        {t("experiments.one.flags")}{" "}
        {mine.map((flag, place) => (
          <span key={flag.key}>
            {place > 0 && " · "}
            <Link className="in-text" to={`/p/${project_id}/flags/${encodeURIComponent(flag.key)}`}>{flag.key}</Link>
          </span>
        ))}
      </span>
    );
  }
  if (experiment.status === "stopped" || experiment.status === "decided") return null;
  const make = may && (
    <LinkButton size="small" to={`/p/${project_id}/flags/new?experiment=${experiment.id}`}>
      {t("experiments.one.makeFlag")}
    </LinkButton>
  );
  return <Alert type="warning" showIcon title={t("experiments.one.noFlag")} action={make} />;
}
