import { Alert, Button, Descriptions, Popconfirm, Progress, Result } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { useWording } from "@/components/page";
import { useProject } from "@/session/session";
import { figuresOf, type FileImport, isActive, shareDone, useImports, useImportVerbs } from "./jobs";
import { UndoButton } from "./UndoButton";

/** An import as it runs, and what became of it. */
export function JobCard({ importId, startOver }: { importId: string; startOver: () => void }) {
  const { t } = useTranslation();
  const words = useWording();
  const imports = useImports();
  const { cancel, resume } = useImportVerbs();
  if (imports.isPending) return <Waiting />;
  if (imports.error) return <Failure error={imports.error} retry={() => void imports.refetch()} />;
  const one = imports.data.find((each) => each.id === importId);
  const again = <Button onClick={startOver}>{t("collect.imports.another")}</Button>;
  if (!one) return imports.isFetching ? <Waiting /> : <Alert type="info" showIcon title={t("collect.imports.gone")} action={again} />;
  if (one.state === "undoing") return <Undoing one={one} />;
  if (isActive(one)) return <Running one={one} cancel={() => cancel.mutate(one.job_id)} cancelling={cancel.isPending} />;
  if (one.state === "succeeded") return <Finished one={one} again={again} />;
  const gone = one.undone && (["events", "profile_changes", "links", "quarantined"] as const).map((name) => t(`collect.imports.gone_${name}`, { shown: words.number(one.undone?.[name] ?? 0) })).join(" · ");
  return (
    <div className="stack">
      <Alert type={one.state === "cancelled" ? "warning" : one.undone ? "success" : "error"} showIcon title={`${one.file}: ${t(`collect.imports.states.${one.state}`)}`} description={gone ?? one.error} />
      <div className="row">
        {one.can_resume && (
          <Button type="primary" loading={resume.isPending} onClick={() => resume.mutate(one.id)}>
            {t("collect.imports.resume")}
          </Button>
        )}
        {one.can_undo && <UndoButton one={one} />}
        {again}
      </div>
    </div>
  );
}

function Undoing({ one }: { one: FileImport }) {
  const { t } = useTranslation();
  return (
    <div className="stack" role="status">
      <strong>{`${one.file}: ${t("collect.imports.states.undoing")}`}</strong>
      <Progress percent={shareDone(one)} status="active" aria-label={t("collect.imports.progress")} />
    </div>
  );
}

const FIGURES = ["rows", "accepted", "duplicates", "rejected", "skipped"] as const;

function Running({ one, cancel, cancelling }: { one: FileImport; cancel: () => void; cancelling: boolean }) {
  const { t } = useTranslation();
  const words = useWording();
  const figures = figuresOf(one.note);
  return (
    <div className="stack" role="status">
      <strong>{`${one.file}: ${t(`collect.imports.states.${one.state}`)}`}</strong>
      <Progress percent={shareDone(one)} status="active" aria-label={t("collect.imports.progress")} />
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

function Finished({ one, again }: { one: FileImport; again: React.ReactNode }) {
  const { t } = useTranslation();
  const words = useWording();
  const project = useProject();
  const totals = one.totals;
  const inQuarantine = `/p/${project.id}/quarantine?protocol=file&source=${encodeURIComponent(one.source)}`;
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
          {one.can_undo && <UndoButton one={one} />}
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
