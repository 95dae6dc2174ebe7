import { Card, Steps } from "antd";
import { useTranslation } from "react-i18next";
import { Empty } from "@/components/Empty";
import { PageFrame, useUrlState } from "@/components/page";
import { useMay } from "@/session/session";
import { FileDrop } from "./FileDrop";
import { ImportList } from "./ImportList";
import { JobCard } from "./JobCard";
import { MappingStep } from "./MappingStep";

/** A file in three steps: upload, check what its columns mean, import. */
export function ImportsPage() {
  const { t } = useTranslation();
  const url = useUrlState();
  const may = useMay("edit_data");
  const uploadId = url.get("upload");
  const importId = url.get("import");
  const step = importId ? 2 : uploadId ? 1 : 0;
  if (!may) return <Empty title={t("collect.imports.denied")} hint={t("collect.imports.deniedHint")} />;
  const startOver = () => {
    url.change({ upload: null, import: null });
  };
  return (
    <PageFrame title={t("collect.imports.title")} hint={t("collect.imports.hint")}>
      <Card>
        <div className="stack" style={{ gap: 20 }}>
          <Steps size="small" current={step} items={(["upload", "mapping", "run"] as const).map((name) => ({ title: t(`collect.imports.steps.${name}`) }))} />
          {step === 0 && (
            <FileDrop
              uploaded={(id) => url.change({ upload: id })}
            />
          )}
          {step === 1 && <MappingStep key={uploadId} uploadId={uploadId} startOver={startOver} started={(id) => url.change({ upload: null, import: id })} />}
          {step === 2 && <JobCard key={importId} importId={importId} startOver={startOver} />}
        </div>
      </Card>
      <ImportList open={(id) => url.change({ upload: null, import: id })} />
    </PageFrame>
  );
}
