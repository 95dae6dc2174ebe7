import { useQuery } from "@tanstack/react-query";
import { Alert, Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { CodeBlock, Moment } from "@/components/page";
import { useProject } from "@/session/session";

/** What a message says, as its reader sees it; a page of a mail runs no script and loads nothing of ours. */
export function Said({ id: message_id }: { id: number }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const said = useQuery({
    queryKey: ["messages", project_id, "content", message_id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/messages/{message_id}/content", { params: { path: { project_id, message_id } } })),
  });
  if (said.error) return <Failure error={said.error} small />;
  if (said.isPending) return <Waiting />;
  const { content, problem, address, written_at } = said.data;
  if (!content) return <Alert type="warning" showIcon title={t("outbox.noContent", { problem })} />;
  const text = (name: string) => (typeof content[name] === "string" ? (content[name] as string) : "");
  const heading = text("subject") || text("title");
  const parts = [
    text("html") && { key: "html", label: "HTML", children: <iframe className="message-frame" sandbox="" title={t("outbox.said")} srcDoc={text("html")} /> },
    (text("text") || text("body") || text("markdown")) && { key: "text", label: text("markdown") ? "Markdown" : t("outbox.message"), children: <pre className="message-text">{text("text") || text("body") || text("markdown")}</pre> },
    { key: "json", label: "JSON", children: <CodeBlock label="JSON" code={JSON.stringify(content, null, 2)} /> },
  ].filter((each) => typeof each === "object");
  return (
    <div className="stack" style={{ gap: 8 }}>
      <span style={{ opacity: 0.85 }}>
        {written_at ? (
          <>
            {t("outbox.saidAsSent")} <Moment at={written_at} seconds />. {t("outbox.saidMasked")}
          </>
        ) : (
          t("outbox.saidHint")
        )}
      </span>
      {address && (
        <span>
          {t("outbox.to")}: <strong>{address}</strong>
        </span>
      )}
      {heading && (
        <span>
          {t("outbox.subject")}: <strong>{heading}</strong>
        </span>
      )}
      <Tabs size="small" items={parts} />
    </div>
  );
}
