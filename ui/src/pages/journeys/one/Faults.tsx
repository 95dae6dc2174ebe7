import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Drawer, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Failure } from "@/components/Failure";
import { Moment } from "@/components/page";
import { useProject } from "@/session/session";
import type { Counts, Journey } from "../common/types";
import { useSummary } from "../common/useSummary";

/** Nodes that failed at the last move, and what could not be done about people. */
export function Faults({ journey, counts }: { journey: Journey; counts: Counts | undefined }) {
  const { t, i18n } = useTranslation();
  const words = useSummary();
  const [shown, show] = useState(false);
  const faults = Object.entries((journey.error ?? {}) as Record<string, { en: string; zh: string }>);
  const open = (counts?.failed_deeds ?? 0) + (counts?.waiting_deeds ?? 0);
  return (
    <>
      {faults.map(([node, said]) => (
        <Alert key={node} type="error" showIcon title={`${words.title(journey.draft, node)}: ${i18n.language === "zh" ? said.zh : said.en}`} />
      ))}
      {open > 0 && (
        <Alert
          type={counts?.failed_deeds ? "error" : "info"}
          showIcon
          title={t("journeys.deeds.open", { failed: counts?.failed_deeds ?? 0, waiting: counts?.waiting_deeds ?? 0 })}
          action={<Button size="small" onClick={() => show(true)}>{t("journeys.deeds.show")}</Button>}
        />
      )}
      {shown && <Deeds journey={journey} close={() => show(false)} />}
    </>
  );
}

function Deeds({ journey, close }: { journey: Journey; close: () => void }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const words = useSummary();
  const deeds = useQuery({
    queryKey: ["journeys", project_id, "deeds", journey.id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/journeys/{journey_id}/deeds", { params: { path: { project_id, journey_id: journey.id } } })),
  });
  return (
    <Drawer open size={760} title={t("journeys.deeds.title")} onClose={close}>
      {deeds.error && <Failure error={deeds.error} />}
      <Table
        size="small"
        rowKey="id"
        loading={deeds.isPending}
        dataSource={deeds.data ?? []}
        pagination={false}
        columns={[
          { title: t("journeys.node"), key: "node", render: (_, deed) => words.title(journey.draft, deed.node) },
          { title: t("journeys.state"), key: "state", width: 100, render: (_, deed) => t(`journeys.deeds.states.${deed.state}`) },
          { title: t("journeys.deeds.attempts"), dataIndex: "attempts", width: 70, align: "right" },
          { title: t("journeys.deeds.reason"), key: "reason", render: (_, deed) => deed.reason ?? "" },
          { title: t("journeys.deeds.next"), key: "due", width: 150, render: (_, deed) => (deed.state === "waiting" ? <Moment at={deed.due_ms} /> : "–") },
        ]}
      />
    </Drawer>
  );
}
