import { Alert, App, Button, Card } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { LoadMore, useAction, usePages } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import { MessageDrawer } from "./MessageDrawer";
import { MessageTable } from "./MessageTable";
import type { Message } from "./queries";

type Decision = "resend" | "give_up";

/** Messages of which nobody knows whether they arrived: somebody decides, one by one or several at once. */
export function Uncertain() {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const may = useMay("edit_data");
  const [chosen, choose] = useState<number[]>([]);
  const [shown, show] = useState<Message | null>(null);
  const decide = useDecision(() => choose([]));
  const messages = usePages(["messages", project_id, "uncertain"], (cursor) => taken(api.GET("/api/projects/{project_id}/messages", { params: { path: { project_id }, query: { state: "uncertain", cursor } } })));
  if (messages.error) return <Failure error={messages.error} retry={() => void messages.refetch()} />;
  if (!messages.isPending && messages.items.length === 0) return <Empty title={t("outbox.uncertainNone")} hint={t("outbox.uncertainNoneHint")} />;
  const buttons = (ids: number[], several: boolean) => (
    <span className="row" style={{ gap: 8 }}>
      <Button size="small" disabled={ids.length === 0} onClick={() => decide("resend", ids)}>
        {t(several ? "outbox.againAll" : "outbox.again")}
      </Button>
      <Button size="small" disabled={ids.length === 0} onClick={() => decide("give_up", ids)}>
        {t(several ? "outbox.leaveAll" : "outbox.leave")}
      </Button>
    </span>
  );
  return (
    <div className="stack">
      <Alert type="warning" showIcon title={t("outbox.uncertainHint")} />
      {may && (
        <div className="row">
          {buttons(chosen, true)}
          <span>{t("outbox.chosen", { count: chosen.length })}</span>
        </div>
      )}
      <Card styles={{ body: { padding: 0 } }}>
        <MessageTable
          messages={messages.items}
          loading={messages.isPending}
          show={show}
          chosen={may ? { selectedRowKeys: chosen, onChange: (keys) => choose(keys as number[]) } : undefined}
          verbs={may ? (message) => buttons([message.id], false) : undefined}
        />
        <LoadMore list={messages} />
      </Card>
      {shown && <MessageDrawer message={shown} close={() => show(null)} />}
    </div>
  );
}

/** Asks whether that is meant, since either way somebody may be wronged. */
function useDecision(done: () => void) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const { id: project_id } = useProject();
  const resolve = useAction(
    ({ decision, ids }: { decision: Decision; ids: number[] }) => taken(api.POST("/api/projects/{project_id}/messages/resolve", { params: { path: { project_id } }, body: { decision, message_ids: ids } })),
    { done: (answer) => t("outbox.decided", { count: answer.changed }), refresh: [["messages", project_id]], onDone: done },
  );
  return (decision: Decision, ids: number[]) =>
    modal.confirm({
      title: t(decision === "resend" ? "outbox.sureAgain" : "outbox.sureLeave", { count: ids.length }),
      content: t(decision === "resend" ? "outbox.sureAgainHint" : "outbox.sureLeaveHint"),
      okText: t(decision === "resend" ? "outbox.again" : "outbox.leave"),
      onOk: () => resolve.mutateAsync({ decision, ids }),
    });
}
