import { Button, Card, Progress, Table } from "antd";
import { useTranslation } from "react-i18next";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { Mark, Moment, useWording } from "@/components/page";
import { isActive, type JobStatus, shareDone, totalsOf, useImports, useJobVerbs } from "./jobs";
import { startedAs } from "./remembered";

const TONES = { queued: "quiet", running: "busy", succeeded: "good", failed: "bad", cancelled: "care" } as const;

/** The imports there have been. */
export function ImportList({ open }: { open: (jobId: string) => void }) {
  const { t } = useTranslation();
  const words = useWording();
  const jobs = useImports();
  const { resume } = useJobVerbs(open);
  if (jobs.error) return <Failure error={jobs.error} retry={() => void jobs.refetch()} />;
  const result = (job: JobStatus) => {
    const totals = totalsOf(job);
    if (isActive(job)) return <Progress size="small" percent={shareDone(job)} aria-label={t("collect.imports.progress")} />;
    if (!totals) return job.error;
    const parts = (["accepted", "duplicates", "rejected"] as const).filter((name) => name === "accepted" || totals[name] > 0);
    return parts.map((name) => `${t(`collect.imports.${name}`)} ${words.number(totals[name])}`).join(" · ");
  };
  return (
    <Card title={t("collect.imports.list")} size="small" styles={{ body: { padding: 0 } }}>
      {jobs.data?.length === 0 ? (
        <Empty title={t("collect.imports.empty")} hint={t("collect.imports.emptyHint")} />
      ) : (
        <Table<JobStatus>
          size="small"
          rowKey="id"
          loading={jobs.isPending}
          dataSource={jobs.data ?? []}
          pagination={false}
          scroll={{ x: 720 }}
          columns={[
            { title: t("collect.imports.job"), key: "file", render: (_, job) => totalsOf(job)?.file ?? startedAs(job.id)?.file ?? job.id },
            { title: t("collect.imports.state"), dataIndex: "state", width: 110, render: (state: JobStatus["state"]) => <Mark tone={TONES[state]}>{t(`collect.imports.states.${state}`)}</Mark> },
            { title: t("collect.imports.result"), key: "result", width: 280, render: (_, job) => <span className="figure">{result(job)}</span> },
            { title: t("collect.imports.startedAt"), dataIndex: "created_at", width: 160, render: (at: string) => <Moment at={at} /> },
            {
              title: t("common.actions"),
              key: "actions",
              width: 170,
              render: (_, job) => (
                <div className="row">
                  <Button size="small" onClick={() => open(job.id)}>
                    {t("common.more")}
                  </Button>
                  {(job.state === "failed" || job.state === "cancelled") && startedAs(job.id) && (
                    <Button size="small" loading={resume.isPending && resume.variables === job.id} onClick={() => resume.mutate(job.id)}>
                      {t("collect.imports.resume")}
                    </Button>
                  )}
                </div>
              ),
            },
          ]}
        />
      )}
    </Card>
  );
}
