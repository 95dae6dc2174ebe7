import { DownloadOutlined, UploadOutlined } from "@/components/icons";
import { App, Button, Dropdown, Tooltip, Upload } from "antd";
import { useTranslation } from "react-i18next";
import { ownHeaders, refusalOf } from "@/api/client";
import type { Schemas } from "@/api/types";
import { download, useAction } from "@/components/page";
import { useMay, useProject } from "@/session/session";

type Form = "yaml" | "xlsx";

async function send(projectId: string, file: File): Promise<Schemas["ImportOutput"]> {
  const form: Form = file.name.toLowerCase().endsWith(".xlsx") ? "xlsx" : "yaml";
  const answer = await fetch(`/api/projects/${projectId}/catalog/plan.${form}`, {
    method: "PUT",
    body: file,
    credentials: "same-origin",
    headers: { ...ownHeaders(), "content-type": "application/octet-stream" },
  });
  if (!answer.ok) throw await refusalOf(answer);
  return (await answer.json()) as Schemas["ImportOutput"];
}

/** The plan as a file, out and in. */
export function PlanFiles() {
  const { t } = useTranslation();
  const project = useProject();
  const may = useMay("edit_data");
  const { message } = App.useApp();
  const take = useAction((form: Form) => download(`/api/projects/${project.id}/catalog/plan.${form}`, `plan-${project.id}.${form}`));
  const give = useAction((file: File) => send(project.id, file), {
    onDone: ({ events, properties }) => void message.success(t("collect.plan.imported", { events, properties })),
    refresh: [["plan-events", project.id], ["plan-event", project.id], ["plan-settings", project.id], ["event-names", project.id]],
  });
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            { key: "yaml", label: "YAML" },
            { key: "xlsx", label: "Excel (XLSX)" },
          ],
          onClick: ({ key }) => take.mutate(key as Form),
        }}
      >
        <Button icon={<DownloadOutlined />} loading={take.isPending}>
          {t("collect.plan.exportAs")}
        </Button>
      </Dropdown>
      {may && (
        <Tooltip title={t("collect.plan.importHint")}>
          <Upload
            accept=".yaml,.yml,.xlsx"
            showUploadList={false}
            beforeUpload={(file) => {
              give.mutate(file);
              return false;
            }}
          >
            <Button icon={<UploadOutlined />} loading={give.isPending}>
              {t("collect.plan.import")}
            </Button>
          </Upload>
        </Tooltip>
      )}
    </>
  );
}
