import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Form, Input, Tabs } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { useAction } from "@/components/page";
import { useProject } from "@/session/session";
import { faultsOf, type Mapping } from "./mapping";
import { MappingForm } from "./MappingForm";
import { MappingYaml } from "./MappingYaml";
import { Preview } from "./Preview";

interface Props {
  uploadId: string;
  startOver: () => void;
  started: (importId: string) => void;
}

/** What the columns seem to mean, to be checked. */
export function MappingStep({ uploadId, startOver, started }: Props) {
  const { t, i18n } = useTranslation();
  const project = useProject();
  const guess = useQuery({
    queryKey: ["import-guess", project.id, uploadId, i18n.language],
    queryFn: () =>
      taken(api.POST("/api/projects/{project_id}/imports/guess", { params: { path: { project_id: project.id } }, body: { upload_id: uploadId, read: { columns: [], skip_lines: 0 } } })),
    staleTime: Infinity,
  });
  if (guess.isPending) {
    return (
      <div style={{ textAlign: "center" }}>
        <Waiting height={120} />
        {t("collect.imports.reading")}
      </div>
    );
  }
  if (guess.error) {
    return (
      <>
        <Failure error={guess.error} retry={() => void guess.refetch()} />
        <div style={{ textAlign: "center" }}>
          <Button onClick={startOver}>{t("collect.imports.startOver")}</Button>
        </div>
      </>
    );
  }
  return <Checked guess={guess.data} uploadId={uploadId} startOver={startOver} started={started} />;
}

function Checked({ guess, uploadId, startOver, started }: Props & { guess: Schemas["GuessOutput"] }) {
  const { t } = useTranslation();
  const project = useProject();
  const [mapping, setMapping] = useState<Mapping>(guess.mapping);
  const [yamlFault, setYamlFault] = useState<string | null>(null);
  const [source, setSource] = useState("import");
  const faults = faultsOf(mapping);
  const params = { path: { project_id: project.id } };
  const start = useAction(
    async (body: Schemas["ImportInput"]) => {
      const job = await taken(api.POST("/api/projects/{project_id}/imports", { params, body }));
      const imports = await taken(api.GET("/api/projects/{project_id}/imports", { params }));
      return imports.find((one) => one.job_id === job.id)?.id ?? "";
    },
    { refresh: [["imports", project.id]], onDone: started },
  );
  const change = (changed: Mapping) => {
    setYamlFault(null);
    setMapping(changed);
  };
  return (
    <div className="stack">
      {guess.warnings.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t("collect.imports.warnings")}
          description={
            <ul style={{ margin: 0, paddingInlineStart: 18 }}>
              {guess.warnings.map((warning) => (
                <li key={warning}>{warning}</li>
              ))}
            </ul>
          }
        />
      )}
      <Tabs
        destroyOnHidden
        items={[
          { key: "form", label: t("collect.imports.view.form"), disabled: yamlFault !== null, children: <MappingForm mapping={mapping} columns={guess.columns} change={change} /> },
          { key: "yaml", label: t("collect.imports.view.yaml"), children: <MappingYaml mapping={mapping} guessed={guess} change={change} fault={yamlFault} setFault={setYamlFault} /> },
          { key: "preview", label: t("collect.imports.view.preview"), disabled: yamlFault !== null, children: <Preview uploadId={uploadId} mapping={mapping} source={source} /> },
        ]}
      />
      {faults.map((fault) => (
        <Alert key={fault} type="error" showIcon title={t(`collect.imports.${fault}`)} />
      ))}
      <div className="row between" style={{ alignItems: "flex-end" }}>
        <Form.Item label={t("collect.imports.sourceName")} extra={t("collect.imports.sourceHint")} style={{ marginBottom: 0 }} htmlFor="import-source">
          <Input id="import-source" value={source} maxLength={100} style={{ width: 260 }} onChange={(event) => setSource(event.target.value)} />
        </Form.Item>
        <div className="row">
          <Button onClick={startOver}>{t("collect.imports.startOver")}</Button>
          <Button
            type="primary"
            loading={start.isPending}
            disabled={faults.length > 0 || yamlFault !== null || source.trim() === ""}
            onClick={() => start.mutate({ upload_id: uploadId, mapping, source: source.trim() })}
          >
            {t("collect.imports.start")}
          </Button>
        </div>
      </div>
    </div>
  );
}
