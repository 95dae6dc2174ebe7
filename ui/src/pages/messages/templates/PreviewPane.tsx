import { Card, Radio, Select, Spin } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/Failure";
import { JsonEditor, jsonFault, Mark } from "@/components/page";
import { useEventNames } from "@/components/page";
import type { Body, Sample } from "../common/types";
import { type Eyes, usePreview, useProblemWords } from "./checking";
import type { Place } from "./body";
import { PersonPicker } from "./PersonPicker";
import { Shown } from "./Shown";

interface Props {
  body: Body;
  place: Place;
  eyes: Eyes;
  look: (eyes: Eyes) => void;
}

/** What somebody would get, beside what is being written. */
export function PreviewPane({ body, place, eyes, look }: Props) {
  const { t } = useTranslation();
  const { preview, masked, error, busy } = usePreview(body, place, eyes);
  const words = useProblemWords();
  const missing = eyes.person === null ? [] : (preview?.problems ?? []);
  return (
    <Card
      size="small"
      title={
        <span className="row" style={{ gap: 8 }}>
          {t("templates.look.title")} {busy && <Spin size="small" />}
        </span>
      }
      extra={masked && eyes.person !== null ? <Mark tone="care">{t("templates.look.masked")}</Mark> : undefined}
    >
      <div className="stack">
        <Whose eyes={eyes} look={look} />
        {error && <Failure error={error} small />}
        {preview && !preview.found && <p role="alert">{t("templates.look.nobody")}</p>}
        {preview?.found && !preview.content && <p role="status">{t("templates.look.unread")}</p>}
        {missing.length > 0 && preview?.content && (
          <div role="status" className="stack" style={{ gap: 4 }}>
            <strong>{t("templates.look.missing")}</strong>
            {missing.map((each, place) => (
              <span key={place}>{words(each)}</span>
            ))}
          </div>
        )}
        {preview?.content && <Shown preview={preview} />}
      </div>
    </Card>
  );
}

function Whose({ eyes, look }: Pick<Props, "eyes" | "look">) {
  const { t } = useTranslation();
  const events = useEventNames();
  const [kind, choose] = useState<"sample" | "person">(eyes.person === null ? "sample" : "person");
  const sampled = (next: "sample" | "person") => {
    choose(next);
    if (next === "sample") look({ ...eyes, person: null, name: "" });
  };
  return (
    <div className="stack" style={{ gap: 8 }}>
      <div className="row">
        <Radio.Group aria-label={t("templates.look.as")} optionType="button" size="small" value={kind} options={(["sample", "person"] as const).map((value) => ({ value, label: t(`templates.look.${value}`) }))} onChange={(event) => sampled(event.target.value as "sample" | "person")} />
        {kind === "person" && <PersonPicker value={eyes.person === null ? null : { person: eyes.person, name: eyes.name }} onChange={({ person, name }) => look({ ...eyes, person, name })} />}
        {kind === "person" && (
          <Select
            aria-label={t("templates.look.event")}
            title={t("templates.look.eventHint")}
            style={{ minWidth: 140 }}
            showSearch
            value={eyes.event ?? ""}
            options={[{ value: "", label: `${t("templates.look.event")}: ${t("templates.look.noEvent")}` }, ...events]}
            onChange={(event: string) => look({ ...eyes, event: event || null })}
          />
        )}
      </div>
      {kind === "sample" && <SampleValues sample={eyes.sample} change={(sample) => look({ ...eyes, sample })} />}
    </div>
  );
}

function SampleValues({ sample, change }: { sample: Sample; change: (sample: Sample) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(() => JSON.stringify(sample, null, 2));
  const write = (next: string) => {
    setText(next);
    if (jsonFault(next) !== null) return;
    const value = JSON.parse(next) as Sample | null;
    const fine = [value, value?.person ?? {}, value?.event ?? {}, value?.campaign ?? {}].every((each) => typeof each === "object" && each !== null && !Array.isArray(each));
    if (fine) change(value as Sample);
  };
  return (
    <details>
      <summary style={{ cursor: "pointer", fontSize: 13 }}>{t("templates.look.values")}</summary>
      <div style={{ paddingTop: 6 }}>
        <p style={{ margin: "0 0 6px", fontSize: 13, opacity: 0.85 }}>{t("templates.look.valuesHint")}</p>
        <JsonEditor label={t("templates.look.values")} value={text} onChange={write} rows={12} />
      </div>
    </details>
  );
}
