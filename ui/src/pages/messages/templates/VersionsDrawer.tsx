import { useQuery } from "@tanstack/react-query";
import { Button, Drawer, Timeline } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Failure } from "@/components/Failure";
import { Mark, Moment, useAction } from "@/components/page";
import { Waiting } from "@/components/Waiting";
import { useMay, useProject } from "@/session/session";
import type { Sample, Template, Version } from "../common/types";
import { placeIn } from "./body";
import { usePreview } from "./checking";
import { Shown } from "./Shown";

interface Props {
  template: Template;
  sample: Sample;
  close: () => void;
  restored: (template: Template) => void;
}

/** What a template said, the newest first; each can be looked at and restored. */
export function VersionsDrawer({ template, sample, close, restored }: Props) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const may = useMay("edit_insights");
  const [seen, see] = useState<number | null>(null);
  const versions = useQuery({
    queryKey: ["template-versions", project_id, template.id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/message-templates/{template_id}/versions", { params: { path: { project_id, template_id: template.id } } })),
  });
  const restore = useAction(
    (version: number) => taken(api.POST("/api/projects/{project_id}/message-templates/{template_id}/versions/{version}/restore", { params: { path: { project_id, template_id: template.id, version } } })),
    {
      done: (_, version) => t("templates.edit.restored", { count: version }),
      refresh: [["templates", project_id], ["template-versions", project_id]],
      onDone: restored,
    },
  );
  const content = (versions.data ?? []).map((each) => (
    <div key={each.version} className="stack" style={{ gap: 6 }}>
      <div className="row between">
        <span className="row" style={{ gap: 6 }}>
          <strong>{t("templates.versionOf", { count: each.version })}</strong>
          {each.version === template.version && <Mark tone="good">{t("templates.versions.current")}</Mark>}
          {each.sealed_at && <Mark tone="busy">{t("templates.versions.sealed")}</Mark>}
        </span>
        <span className="row" style={{ gap: 6 }}>
          <Button size="small" onClick={() => see(seen === each.version ? null : each.version)}>
            {t("templates.versions.look")}
          </Button>
          {may && each.version !== template.version && (
            <Button size="small" title={t("templates.versions.restoreHint")} loading={restore.isPending} onClick={() => restore.mutate(each.version)}>
              {t("templates.versions.restore")}
            </Button>
          )}
        </span>
      </div>
      <span style={{ fontSize: 13, opacity: 0.85 }}>
        {each.created_by.name} · <Moment at={each.updated_at} />
      </span>
      {seen === each.version && <Look version={each} sample={sample} />}
    </div>
  ));
  return (
    <Drawer open size={720} title={`${t("templates.versions.title")} · ${template.name}`} onClose={close}>
      {versions.isPending && <Waiting />}
      {versions.error && <Failure error={versions.error} small />}
      <Timeline items={content.map((each) => ({ content: each }))} />
    </Drawer>
  );
}

function Look({ version, sample }: { version: Version; sample: Sample }) {
  const { preview } = usePreview(version.body, placeIn(version.body, {}), { person: null, name: "", event: null, sample });
  return preview?.content ? <Shown preview={preview} /> : <Waiting />;
}
