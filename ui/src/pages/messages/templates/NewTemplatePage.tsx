import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LinkButton } from "@/components/LinkButton";
import { PageFrame } from "@/components/page";
import { useProject } from "@/session/session";
import type { Body, Sample } from "../common/types";
import { blankBody, plainSample } from "./body";
import { Designs, type Start } from "./Designs";
import { TemplateEditor } from "./TemplateEditor";
import "../common/writing.css";

interface Begun {
  name: string;
  purpose: string;
  body: Body;
  sample: Sample;
}

/** A template that is not there yet: a beginning is chosen, then it is written. */
export function NewTemplatePage() {
  const { t, i18n } = useTranslation();
  const { id } = useProject();
  const [begun, begin] = useState<Begun | null>(null);
  const language = i18n.language === "en" ? "en" : "zh-CN";
  const start = (chosen: Start) => {
    if ("medium" in chosen) return begin({ name: "", purpose: "marketing", body: blankBody(chosen.medium, language), sample: plainSample(language) });
    const { design } = chosen;
    const known = Object.values(design.body.variants)[0] ?? {};
    const body = { ...design.body, default_language: language in known ? language : design.body.default_language };
    const sample = (design.samples[language] ?? Object.values(design.samples)[0] ?? {}) as Sample;
    begin({ name: design.name[language === "en" ? "en" : "zh"] ?? "", purpose: design.purpose, body, sample });
  };
  if (begun) return <TemplateEditor template={null} begun={begun} sample={begun.sample} />;
  return (
    <PageFrame title={t("templates.start.title")} hint={t("templates.start.hint")} extra={<LinkButton to={`/p/${id}/templates`}>{t("common.cancel")}</LinkButton>}>
      <Designs start={start} />
    </PageFrame>
  );
}
