import { Card } from "antd";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { useAction, useUrlState } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import type { Tag, Version } from "../common/types";
import { definitionLines } from "../common/compare/lines";
import { VersionCompare } from "../common/compare/VersionCompare";
import { useWords } from "../conditions/useWords";
import { Versions } from "../common/Versions";
import { DefinitionText } from "./DefinitionText";
import type { Definition } from "./types";

/** How a tag's values are found, and how they were before. */
export function TagDefinition({ tag }: { tag: Tag }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const url = useUrlState();
  const words = useWords();
  const may = useMay("edit_insights");
  const restore = useAction(
    ({ definition, refresh }: Version) => taken(api.PATCH("/api/projects/{project_id}/tags/{tag_id}", { params: { path: { project_id, tag_id: tag.id } }, body: { definition, refresh } as never })),
    { done: t("audiences.one.restored"), refresh: [["tags", project_id], ["versions", project_id], ["runs", project_id], ["subjects", project_id]] },
  );
  const compare = ({ version }: Version) => url.change({ before: String(version), after: String(tag.version) });
  return (
    <div className="stack" style={{ gap: 16 }}>
      <div className="two-columns">
        <Card size="small" title={t("tagging.editor.definition")}>
          <DefinitionText definition={tag.definition as Definition} />
        </Card>
        <Versions subjectId={tag.id} current={tag.version} restore={may ? restore.mutate : undefined} compare={compare} show={(definition) => <DefinitionText definition={definition as unknown as Definition} />} />
      </div>
      <VersionCompare subjectId={tag.id} linesOf={(definition) => definitionLines(definition as unknown as Definition, words)} />
    </div>
  );
}
