import { useQuery } from "@tanstack/react-query";
import { Alert, Timeline } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { LoadMore, Mark, Moment, usePages } from "@/components/page";
import { useProject } from "@/session/session";
import { usePurposeName } from "../consent/queries";
import { MessageDrawer } from "../outbox/MessageDrawer";
import { MessageTable } from "../outbox/MessageTable";
import type { Medium, Message } from "../outbox/queries";
import "../messages.css";

/** What somebody may be sent, with proof, and what was sent to them. */
export function PersonMessages({ reference }: { reference: string }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const [shown, show] = useState<Message | null>(null);
  const messages = usePages(["messages", project_id, "of-person", reference], (cursor) => taken(api.GET("/api/projects/{project_id}/messages", { params: { path: { project_id }, query: { person: reference, cursor, limit: 50 } } })));
  return (
    <div className="stack" style={{ paddingTop: 8 }}>
      <Consents reference={reference} />
      <h2 style={{ fontSize: 15, margin: 0 }}>{t("consent.personMessages")}</h2>
      {messages.error && <Failure error={messages.error} small />}
      {!messages.isPending && messages.items.length === 0 && !messages.error && <Empty title={t("consent.noMessages")} />}
      {messages.items.length > 0 && (
        <>
          <MessageTable personless messages={messages.items} loading={messages.isPending} show={show} />
          <LoadMore list={messages} />
        </>
      )}
      {shown && <MessageDrawer message={shown} close={() => show(null)} />}
    </div>
  );
}

function Consents({ reference }: { reference: string }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const purposeName = usePurposeName();
  const said = useQuery({
    queryKey: ["consent", project_id, "person", reference],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/consent/person", { params: { path: { project_id }, query: { person: reference } } })),
  });
  if (said.error) return <Failure error={said.error} small />;
  if (said.isPending) return <Waiting />;
  const { consents, proofs, suppressed } = said.data;
  const medium = (name: string) => t(`outbox.media.${name as Medium}`);
  return (
    <>
      <h2 style={{ fontSize: 15, margin: 0 }}>{t("consent.personConsents")}</h2>
      {suppressed.length > 0 && <Alert type="warning" showIcon title={t("consent.personSuppressed", { media: suppressed.map(medium).join(", ") })} />}
      {consents.length === 0 && <span style={{ opacity: 0.85 }}>{t("consent.personNone")}</span>}
      <div>
        {consents.map((each) => (
          <Mark key={`${each.purpose} ${each.medium}`} tone={each.state === "given" ? "good" : each.state === "pending" ? "busy" : "care"}>
            {`${purposeName(each.purpose)} · ${medium(each.medium)}: ${t(`consent.states.${each.state === "given" && each.confirmed ? "confirmed" : each.state}`)}`}
          </Mark>
        ))}
      </div>
      {proofs.length > 0 && (
        <>
          <h2 style={{ fontSize: 15, margin: 0 }}>{t("consent.personProofs")}</h2>
          <Timeline
            style={{ maxHeight: 320, overflow: "auto", paddingTop: 8 }}
            items={proofs.map((each) => ({
              color: each.action === "withdrawn" ? "orange" : "green",
              content: (
                <div>
                  <strong>{t(`consent.actions.${each.action}`)}</strong> {purposeName(each.purpose)} · {medium(each.medium)} · <Moment at={each.at} seconds />
                  {each.wording && <div>“{each.wording}”</div>}
                  <div style={{ opacity: 0.85 }}>{[t("consent.bySource", { source: each.source }), each.address, each.language].filter(Boolean).join(" · ")}</div>
                </div>
              ),
            }))}
          />
        </>
      )}
    </>
  );
}
