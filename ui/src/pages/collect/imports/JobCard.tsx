import { Alert, Button, Descriptions, Popconfirm, Progress, Result } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { useUrlState, useWording } from "@/components/page";
import { useProject } from "@/session/session";
import { figuresOf, isActive, type JobStatus, shareDone, totalsOf, useImportJob, useJobVerbs } from "./jobs";
import { startedAs } from "./remembered";

/** An import as it runs, and what became of it. */
export function JobCard({ jobId, startOver }: { jobId: string; startOver: () => void }) {
  const { t } = useTranslation();
  const url = useUrlState();
  const job = useImportJob(jobId);
  const { cancel, resume } = useJobVerbs((id) => url.change({ job: id }));
  if (job.isPending) return <Waiting />;
  if (job.error) return <Failure error={job.error} retry={() => void job.refetch()} />;
  const again = <Button onClick={startOver}>{t("collect.imports.another")}</Button>;
  if (isActive(job.data)) return <Running job={job.data} cancel={() => cancel.mutate(jobId)} cancelling={cancel.isPending} />;
  if (job.data.state === "succeeded") return <Finished job={job.data} again={again} />;
  return (
    <div className="stack">
      <Alert type={job.data.state === "failed" ? "error" : "warning"} showIcon title={t(`collect.imports.states.${job.data.state}`)} description={job.data.error} />
      <div className="row">
        {startedAs(jobId) && (
          <Button type="primary" loading={resume.isPending} onClick={() => resume.mutate(jobId)}>
            {t("collect.imports.resume")}
          </Button>
        )}
        {again}
      </div>
    </div>
  );
}

const FIGURES = ["rows", "accepted", "duplicates", "rejected", "skipped"] as const;

function Running({ job, cancel, cancelling }: { job: JobStatus; cancel: () => void; cancelling: boolean }) {
  const { t } = useTranslation();
  const words = useWording();
  const figures = figuresOf(job.note);
  return (
    <div className="stack" role="status">
      <strong>{t(`collect.imports.states.${job.state}`)}</strong>
      <Progress percent={shareDone(job)} status="active" aria-label={t("collect.imports.progress")} />
      <div className="row" style={{ gap: 20 }}>
        {FIGURES.filter((name) => name in figures).map((name) => (
          <span key={name} className="figure">
            {t(`collect.imports.${name}`)} {words.number(figures[name] ?? 0)}
          </span>
        ))}
        {figures.rows_per_second !== undefined && <span className="figure">{t("collect.imports.rate", { rate: words.number(figures.rows_per_second) })}</span>}
      </div>
      <div>
        <Popconfirm title={t("collect.imports.cancelConfirm")} onConfirm={cancel} okText={t("collect.imports.cancel")}>
          <Button loading={cancelling}>{t("collect.imports.cancel")}</Button>
        </Popconfirm>
      </div>
    </div>
  );
}

function Finished({ job, again }: { job: JobStatus; again: React.ReactNode }) {
  const { t } = useTranslation();
  const words = useWording();
  const project = useProject();
  const totals = totalsOf(job);
  const source = startedAs(job.id)?.body.source;
  const inQuarantine = `/p/${project.id}/quarantine?protocol=file${source ? `&source=${encodeURIComponent(source)}` : ""}`;
  return (
    <Result
      status={totals && totals.rejected > 0 ? "warning" : "success"}
      style={{ padding: "8px 0" }}
      title={t("collect.imports.states.succeeded")}
      subTitle={totals && `${totals.file} · ${t("collect.imports.seconds", { seconds: words.number(Math.round(totals.seconds * 10) / 10) })}`}
      extra={
        <div className="row" style={{ justifyContent: "center" }}>
          {totals && totals.rejected > 0 && (
            <Link to={inQuarantine}>
              <Button type="primary">{t("collect.imports.seeRejected")}</Button>
            </Link>
          )}
          <Link to={`/p/${project.id}/live`}>
            <Button>{t("collect.imports.seeLive")}</Button>
          </Link>
          {again}
        </div>
      }
    >
      {totals && (
        <Descriptions
          size="small"
          bordered
          column={{ xs: 1, sm: 2, lg: 3 }}
          items={[...FIGURES, ...(totals.resumed_from > 0 ? (["resumed_from"] as const) : [])].map((name) => ({
            key: name,
            label: name === "resumed_from" ? t("collect.imports.resumedFrom") : t(`collect.imports.${name}`),
            children: <span className="figure">{words.number(totals[name])}</span>,
          }))}
        />
      )}
    </Result>
  );
}
