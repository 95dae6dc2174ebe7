import { Card, Segmented, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { PropertyTable } from "@/components/page";
import { useProject } from "@/session/session";
import { useChannelName } from "../shared/queries";
import type { Preflight } from "../shared/types";

type Sample = Preflight["samples"][number];

/** The messages as a few real people would get them. */
export function Samples({ found }: { found: Preflight }) {
  const { t } = useTranslation();
  const { id } = useProject();
  const channelName = useChannelName();
  const people = [...new Set(found.samples.map((each) => each.person_id))];
  const [person, setPerson] = useState(people[0]);
  const mine = found.samples.filter((each) => each.person_id === (person && people.includes(person) ? person : people[0]));
  const keyOf = (each: Sample) => `${each.variant} · ${each.step}`;
  const [key, setKey] = useState<string | null>(null);
  const shown = mine.find((each) => keyOf(each) === key) ?? mine[0];
  const title = t("campaigns.samples.title");
  if (!shown) return <Card size="small" title={title}>{t("campaigns.samples.none")}</Card>;
  return (
    <Card size="small" title={title}>
      <div className="stack">
        <div className="row">
          <Segmented<string> aria-label={t("campaigns.samples.person")} value={shown.person_id} onChange={setPerson} options={people.map((value, place) => ({ value, label: t("campaigns.samples.number", { number: place + 1 }) }))} />
          {mine.length > 1 && <Select aria-label={t("campaigns.samples.message")} style={{ minWidth: 180 }} value={keyOf(shown)} onChange={setKey} options={mine.map((each) => ({ value: keyOf(each), label: keyOf(each) }))} />}
          {shown.channel_id && <span>{t("campaigns.preflight.by", { channel: channelName(shown.channel_id) })}</span>}
          <Link to={`/p/${id}/person?person=${encodeURIComponent(shown.person_id)}`}>{t("campaigns.samples.open")}</Link>
        </div>
        <Content content={shown.content} />
      </div>
    </Card>
  );
}

function Content({ content }: { content: Record<string, unknown> }) {
  const { t } = useTranslation();
  const { subject, html, text, ...others } = content;
  if (Object.keys(content).length === 0) return <span>{t("campaigns.samples.unwritten")}</span>;
  if (typeof subject !== "string") return <PropertyTable properties={content} label={t("campaigns.samples.title")} />;
  return (
    <div className="stack" style={{ gap: 8 }}>
      <strong>{subject}</strong>
      {typeof html === "string" && html ? (
        // Nothing in a mail may run or reach anything here.
        <iframe className="mail-frame" title={t("campaigns.samples.title")} sandbox="" srcDoc={html} />
      ) : (
        <div className="comment-text">{typeof text === "string" ? text : JSON.stringify(others)}</div>
      )}
    </div>
  );
}
