import { Card } from "antd";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { LinkButton } from "@/components/LinkButton";
import { useAction, useUrlState } from "@/components/page";
import { toAddress } from "@/query/address";
import type { Query } from "@/query/types";
import { useMay, useProject } from "@/session/session";
import { originOf } from "../common/Marks";
import { conditionLines } from "../common/compare/lines";
import { VersionCompare } from "../common/compare/VersionCompare";
import { ConditionText } from "../conditions/ConditionText";
import type { Condition } from "../conditions/types";
import { useWords } from "../conditions/useWords";
import { Versions } from "../common/Versions";
import type { Audience, Version } from "../common/types";

/** What an audience is made of, and what it was made of before. */
export function AudienceDefinition({ audience }: { audience: Audience }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const url = useUrlState();
  const words = useWords();
  const may = useMay("edit_insights");
  const restore = useAction(
    ({ definition, refresh }: Version) => taken(api.PATCH("/api/projects/{project_id}/audiences/{audience_id}", { params: { path: { project_id, audience_id: audience.id } }, body: { condition: definition, refresh } as never })),
    { done: t("audiences.one.restored"), refresh: [["audiences", project_id], ["versions", project_id], ["runs", project_id], ["subjects", project_id]] },
  );
  if (audience.kind !== "condition") return <Origin audience={audience} />;
  const compare = ({ version }: Version) => url.change({ before: String(version), after: String(audience.version) });
  return (
    <div className="stack" style={{ gap: 16 }}>
      <div className="two-columns">
        <Card size="small" title={t("audiences.one.condition")}>
          <ConditionText condition={audience.condition as unknown as Condition} />
        </Card>
        <Versions subjectId={audience.id} current={audience.version} restore={may ? restore.mutate : undefined} compare={compare} show={(definition) => <ConditionText condition={definition as unknown as Condition} />} />
      </div>
      <VersionCompare subjectId={audience.id} linesOf={(definition) => conditionLines(definition as unknown as Condition, words)} />
    </div>
  );
}

function Origin({ audience }: { audience: Audience }) {
  const { t } = useTranslation();
  const project = useProject();
  const query = (audience.question as { query?: Query } | null)?.query;
  return (
    <Card size="small" title={t("audiences.one.origin")}>
      <div className="stack">
        <span>{t(originOf(audience) === "question" ? "audiences.one.originQuestion" : "audiences.one.originIds")}</span>
        {query && (
          <div>
            <LinkButton to={`/p/${project.id}/insights/new?q=${toAddress(query)}`}>{t("audiences.one.openQuestion")}</LinkButton>
          </div>
        )}
      </div>
    </Card>
  );
}
