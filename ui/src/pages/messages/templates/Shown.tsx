import { Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CodeBlock } from "@/components/page";
import { Markdown } from "@/pages/dashboards/Markdown";
import { MailFrame } from "../common/MailFrame";
import type { Preview } from "../common/types";

type Said = Record<string, unknown>;

function said(content: Said, name: string): string {
  const value = content[name];
  return typeof value === "string" ? value : "";
}

/** A message as its reader sees it. */
export function Shown({ preview }: { preview: Pick<Preview, "medium" | "content" | "sms"> }) {
  const { t } = useTranslation();
  const content = (preview.content ?? {}) as Said;
  switch (preview.medium) {
    case "email":
      return <MailShown content={content} />;
    case "sms":
      return (
        <div className="stack">
          <div className="phone">
            <div className="bubble" data-testid="sms">
              {said(content, "signature") && `【${said(content, "signature")}】`}
              {said(content, "text")}
            </div>
          </div>
          {preview.sms && (
            <div role="status" style={{ textAlign: "center" }}>
              <strong data-testid="sms-length">{t("templates.edit.smsLength", { letters: preview.sms.letters, segments: preview.sms.segments })}</strong>
              <div style={{ fontSize: 13, opacity: 0.85 }}>{t(preview.sms.unicode ? "templates.edit.smsUnicode" : "templates.edit.smsGsm")}</div>
            </div>
          )}
        </div>
      );
    case "push":
      return (
        <div className="phone">
          <div className="notice-card">
            <strong>{said(content, "title")}</strong>
            <div style={{ whiteSpace: "pre-wrap" }}>{said(content, "body")}</div>
            {said(content, "link") && <div style={{ fontSize: 12, opacity: 0.75, marginTop: 6 }}>{said(content, "link")}</div>}
          </div>
        </div>
      );
    case "bot":
      return (
        <div className="phone" style={{ width: "100%", borderRadius: 14, borderWidth: 1, paddingTop: 20, minHeight: 120 }}>
          <div className="notice-card">
            {said(content, "title") && <strong style={{ fontSize: 16 }}>{said(content, "title")}</strong>}
            <Markdown text={said(content, "markdown").replaceAll("\n", "\n\n")} />
          </div>
        </div>
      );
    case "in_app":
      return <InAppShown content={(content["payload"] ?? content) as Said} />;
    case "webhook":
      return <CodeBlock label={t("templates.look.title")} code={JSON.stringify(content["payload"] ?? content, null, 2)} />;
  }
}

function MailShown({ content }: { content: Said }) {
  const { t } = useTranslation();
  const [part, choose] = useState<"page" | "plain">("page");
  const [width, setWidth] = useState<"wide" | "narrow">("wide");
  return (
    <div className="stack" style={{ gap: 8 }}>
      <div className="row between">
        <Radio.Group aria-label={t("templates.look.part")} size="small" optionType="button" value={part} options={(["page", "plain"] as const).map((value) => ({ value, label: t(`templates.look.${value}`) }))} onChange={(event) => choose(event.target.value as "page" | "plain")} />
        {part === "page" && <Radio.Group aria-label={t("templates.look.width")} size="small" optionType="button" value={width} options={(["wide", "narrow"] as const).map((value) => ({ value, label: t(`templates.look.${value}`) }))} onChange={(event) => setWidth(event.target.value as "wide" | "narrow")} />}
      </div>
      <div>
        <span style={{ fontSize: 13, opacity: 0.8 }}>{t("templates.look.subject")}</span> <strong data-testid="subject">{said(content, "subject") || t("templates.look.none")}</strong>
      </div>
      {part === "plain" ? (
        <CodeBlock label={t("templates.look.plain")} code={said(content, "text")} />
      ) : (
        <div style={{ border: "1px solid rgb(125 135 155 / 30%)", borderRadius: 10, overflow: "auto", background: "#e4e8ef", display: "grid", placeItems: "start center" }}>
          <MailFrame title={t("templates.look.frame")} html={said(content, "html")} width={width === "wide" ? "100%" : 375} height={620} />
        </div>
      )}
    </div>
  );
}

function InAppShown({ content }: { content: Said }) {
  const form = said(content, "form");
  const parts = (
    <>
      {said(content, "image") && <img src={said(content, "image")} alt="" style={{ maxWidth: "100%" }} />}
      <span className="grow" style={{ overflowWrap: "anywhere" }}>
        <strong>{said(content, "title")}</strong> {said(content, "body")}
      </span>
      {said(content, "button") && <span className="app-button">{said(content, "button")}</span>}
    </>
  );
  const lines = (
    <div className="lines" aria-hidden>
      {[70, 95, 88, 40, 92, 64].map((width) => (
        <i key={width} style={{ width: `${width}%` }} />
      ))}
    </div>
  );
  if (form === "banner") {
    return (
      <div className="app-screen">
        <div className="app-banner">{parts}</div>
        {lines}
      </div>
    );
  }
  if (form === "modal") {
    return (
      <div className="app-screen">
        {lines}
        <div className="app-modal">
          <div>{parts}</div>
        </div>
      </div>
    );
  }
  return (
    <div className="app-screen" style={{ padding: 20, display: "grid", placeItems: "start center" }}>
      <div className="app-inbox">{parts}</div>
    </div>
  );
}
