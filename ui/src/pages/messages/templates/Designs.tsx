import { Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { MailFrame } from "../common/MailFrame";
import { MediumMark } from "../common/MediumMark";
import { useDesigns } from "../common/queries";
import { type Design, MEDIA, type Medium } from "../common/types";
import { Shown } from "./Shown";

export type Start = { design: Design } | { medium: Medium };

/** Designs to start from, as their readers would see them, and a blank page of every kind. */
export function Designs({ start }: { start: (chosen: Start) => void }) {
  const { t } = useTranslation();
  const designs = useDesigns();
  const [medium, choose] = useState<Medium | "">("");
  if (designs.error) return <Failure error={designs.error} retry={() => void designs.refetch()} />;
  if (!designs.data) return <Waiting />;
  const options = [{ value: "" as const, label: t("templates.start.all") }, ...MEDIA.map((value) => ({ value, label: t(`templates.media.${value}`) }))];
  return (
    <div className="stack">
      <Radio.Group aria-label={t("templates.medium")} optionType="button" value={medium} options={options} onChange={(event) => choose(event.target.value as Medium | "")} />
      <div className="designs">
        {designs.data
          .filter((each) => !medium || each.medium === medium)
          .map((each) => (
            <DesignCard key={each.key} design={each} start={start} />
          ))}
        {MEDIA.filter((each) => !medium || each === medium).map((each) => (
          <div key={each} className="design">
            <div className="design-picture" aria-hidden style={{ background: "transparent", color: "inherit", fontSize: 18 }}>
              <MediumMark medium={each} />
            </div>
            <button type="button" className="design-words" onClick={() => start({ medium: each })}>
              <strong>{t("templates.start.blank", { medium: t(`templates.media.${each}`) })}</strong>
              <small>{t("templates.start.blankHint")}</small>
            </button>
          </div>
        ))}
      </div>
    </div>
  );
}

function DesignCard({ design, start }: { design: Design; start: (chosen: Start) => void }) {
  const { i18n } = useTranslation();
  const reader = i18n.language === "en" ? "en" : "zh";
  const language = reader === "en" && design.shown["en"] ? "en" : (Object.keys(design.shown)[0] ?? "");
  const content = design.shown[language] ?? {};
  return (
    <div className="design">
      <div className="design-picture" aria-hidden inert>
        {design.medium === "email" ? (
          <div className="scaled">
            <MailFrame title="" html={String(content["html"] ?? "")} width={600} height={524} />
          </div>
        ) : (
          <div style={{ padding: 14, width: "100%", boxSizing: "border-box", zoom: 0.72 }}>
            <Shown preview={{ medium: design.medium, content, sms: null }} />
          </div>
        )}
      </div>
      <button type="button" className="design-words" onClick={() => start({ design })}>
        <strong>{design.name[reader]}</strong>
        <small>{design.about[reader]}</small>
        <small>
          <MediumMark medium={design.medium} />
        </small>
      </button>
    </div>
  );
}
