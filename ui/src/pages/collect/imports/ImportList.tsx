import { Button, Card, Progress, Table } from "antd";
import { useTranslation } from "react-i18next";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { Mark, Moment, useWording } from "@/components/page";
import { type FileImport, isActive, shareDone, useImports, useImportVerbs } from "./jobs";
import { UndoButton } from "./UndoButton";

const TONES = { queued: "quiet", running: "busy", succeeded: "good", failed: "bad", cancelled: "care", undoing: "busy", undo_stopped: "bad", undone: "quiet" } as const;

/** The imports there have been, from whatever browser. */
export function ImportList({ open }: { open: (importId: string) => void }) {
  const { t } = useTranslation();
  const words = useWording();
  const imports = useImports();
  const { resume } = useImportVerbs();
  if (imports.error) return <Failure error={imports.error} retry={() => void imports.refetch()} />;
  const result = (one: FileImport) => {
    if (isActive(one)) return <Progress size="small" percent={shareDone(one)} aria-label={t("collect.imports.progress")} />;
    if (one.undone) return t("collect.imports.undoneRows", { count: one.undone.events, shown: words.number(one.undone.events) });
    const totals = one.totals;
    if (!totals) return one.error;
    const parts = (["accepted", "duplicates", "rejected"] as const).filter((name) => name === "accepted" || totals[name] > 0);
    return parts.map((name) => `${t(`collect.imports.${name}`)} ${words.number(totals[name])}`).join(" · ");
  };
  return (
    <Card title={t("collect.imports.list")} size="small" styles={{ body: { padding: 0 } }}>
      {imports.data?.length === 0 ? (
        <Empty title={t("collect.imports.empty")} hint={t("collect.imports.emptyHint")} />
      ) : (
        <Table<FileImport>
          size="small"
          rowKey="id"
          loading={imports.isPending}
          dataSource={imports.data ?? []}
          pagination={false}
          scroll={{ x: 860 }}
          columns={[
            { title: t("collect.imports.file"), dataIndex: "file", ellipsis: true },
            { title: t("collect.source"), dataIndex: "source", width: 110, ellipsis: true },
            { title: t("collect.imports.state"), dataIndex: "state", width: 110, render: (state: FileImport["state"]) => <Mark tone={TONES[state]}>{t(`collect.imports.states.${state}`)}</Mark> },
            { title: t("collect.imports.result"), key: "result", width: 240, render: (_, one) => <span className="figure">{result(one)}</span> },
            { title: t("collect.imports.startedAt"), dataIndex: "created_at", width: 150, render: (at: string) => <Moment at={at} /> },
            { title: t("collect.imports.startedBy"), dataIndex: "started_by", width: 110, ellipsis: true },
            {
              title: t("common.actions"),
              key: "actions",
              width: 230,
              render: (_, one) => (
                <div className="row">
                  <Button size="small" onClick={() => open(one.id)}>
                    {t("common.more")}
                  </Button>
                  {one.can_resume && (
                    <Button size="small" loading={resume.isPending && resume.variables === one.id} onClick={() => (open(one.id), resume.mutate(one.id))}>
                      {t("collect.imports.resume")}
                    </Button>
                  )}
                  {one.can_undo && <UndoButton one={one} small />}
                </div>
              ),
            },
          ]}
        />
      )}
    </Card>
  );
}
