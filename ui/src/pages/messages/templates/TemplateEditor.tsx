import { Button, Card, Form, Input, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, taken } from "@/api/client";
import { Failure } from "@/components/Failure";
import { LinkButton } from "@/components/LinkButton";
import { Mark, PageFrame, useAction, useLeaving, useMeanwhile } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import { MediumMark } from "../common/MediumMark";
import { usePurposes } from "../common/queries";
import type { Body, Content, Medium, Sample, Template } from "../common/types";
import { BlockMenu } from "./BlockMenu";
import { contentAt, type Place, placeIn, withContent } from "./body";
import { type Eyes, useProblems, useProblemWords } from "./checking";
import { ContentFields } from "./ContentFields";
import { InsertMenu } from "./InsertMenu";
import { useInserting } from "./inserting";
import { PlaceBar } from "./PlaceBar";
import { PreviewPane } from "./PreviewPane";
import { ProblemList } from "./ProblemList";
import { SaveButtons } from "./SaveButtons";
import { TestSend } from "./TestSend";
import { VersionsDrawer } from "./VersionsDrawer";

interface Held {
  name: string;
  purpose: string;
  body: Body;
}

interface Props {
  /** Null: it is not saved yet. */
  template: Template | null;
  begun: Held;
  sample: Sample;
}

/** Writing a template: its fields, what is wrong with them, and what somebody would get, side by side. */
export function TemplateEditor({ template, begun, sample }: Props) {
  const { t } = useTranslation();
  const { id } = useProject();
  const may = useMay("edit_insights");
  const [held, hold] = useState(begun);
  const [kept, keepAs] = useState<Kept>({ held: begun, revision: template?.revision ?? 0 });
  const [wanted, go] = useState<Partial<Place>>({});
  const [eyes, look] = useState<Eyes>({ person: null, name: "", event: null, sample });
  const [open, setOpen] = useState<"versions" | "test" | null>(null);
  const place = placeIn(held.body, wanted);
  const written = JSON.stringify(held) !== JSON.stringify(kept.held);
  const changed = template === null || written;
  const leaveFreely = useLeaving(written && may);
  const { problems, checked, error } = useProblems(held.body, held.purpose);
  const take = (theirs: Template) => {
    hold(heldOf(theirs));
    keepAs({ held: heldOf(theirs), revision: theirs.revision });
  };
  if (template && !written && template.revision > kept.revision) take(template);
  const save = useSave(template, { held, kept, take, keepAs }, leaveFreely);
  const restored = (theirs: Template) => {
    take(theirs);
    setOpen(null);
  };
  const medium = contentAt(held.body, place)?.medium ?? "email";
  const title = (
    <span className="row">
      {template?.name ?? t("templates.edit.newTitle")}
      {template && <Mark tone="quiet">{t("templates.versionOf", { count: template.version })}</Mark>}
      {changed && may && <Mark tone="care">{t("templates.edit.unsaved")}</Mark>}
    </span>
  );
  return (
    <PageFrame
      title={template?.name ?? t("templates.edit.newTitle")}
      hint={<Hints title={title} medium={medium} template={template} may={may} />}
      extra={
        <>
          <LinkButton to={`/p/${id}/templates`}>{t("templates.title")}</LinkButton>
          {template && <Button onClick={() => setOpen("versions")}>{t("templates.edit.versions")}</Button>}
          {template && <TestButton changed={changed} open={() => setOpen("test")} />}
          {may && <SaveButtons busy={save.isPending} isNew={template === null} save={(keep) => save.mutate(keep)} disabled={!changed || !held.name.trim()} />}
        </>
      }
    >
      {error && <Failure error={error} small />}
      <Writing held={held} hold={hold} place={place} go={go} may={may} eyes={eyes} look={look} checked={checked} problems={problems} />
      {open === "versions" && template && <VersionsDrawer template={template} sample={eyes.sample} close={() => setOpen(null)} restored={restored} />}
      {open === "test" && template && <TestSend template={template} place={place} eyes={eyes} close={() => setOpen(null)} />}
    </PageFrame>
  );
}

function Hints({ title, medium, template, may }: { title: React.ReactNode; medium: Medium; template: Template | null; may: boolean }) {
  const { t } = useTranslation();
  return (
    <span className="stack" style={{ gap: 2 }}>
      <span className="row">
        <MediumMark medium={medium} /> <span aria-hidden>·</span> {title}
      </span>
      {template?.sealed && may && <span style={{ opacity: 0.85 }}>{t("templates.sealedHint")}</span>}
      {!may && <span style={{ opacity: 0.85 }}>{t("templates.edit.readOnly")}</span>}
    </span>
  );
}

function TestButton({ changed, open }: { changed: boolean; open: () => void }) {
  const { t } = useTranslation();
  const may = useMay("edit_data");
  if (!may) return null;
  return (
    <Button disabled={changed} title={changed ? t("templates.edit.saveFirst") : undefined} onClick={open}>
      {t("templates.edit.test")}
    </Button>
  );
}

interface WritingProps {
  held: Held;
  hold: (held: Held) => void;
  place: Place;
  go: (place: Partial<Place>) => void;
  may: boolean;
  eyes: Eyes;
  look: (eyes: Eyes) => void;
  checked: boolean;
  problems: ReturnType<typeof useProblems>["problems"];
}

function Writing({ held, hold, place, go, may, eyes, look, checked, problems }: WritingProps) {
  const words = useProblemWords();
  const { onFocus, insert } = useInserting();
  const content = contentAt(held.body, place);
  const here = problems.filter((each) => (each.variant === "" || each.variant === place.variant) && (each.language === "" || each.language === place.language));
  const write = (body: Body) => hold({ ...held, body });
  if (!content) return null;
  return (
    <div className="template-columns">
      <div className="stack" onFocusCapture={onFocus}>
        <Naming held={held} hold={hold} may={may} />
        <Card size="small">
          <div className="stack">
            <PlaceBar body={held.body} place={place} go={go} change={may ? write : null} />
            {may && (
              <div className="row">
                <InsertMenu insert={insert} />
                {content.medium === "email" && <BlockMenu html={Boolean(content["html"]) && !content["mjml"]} />}
              </div>
            )}
            <Form layout="vertical" component="div" requiredMark={false} key={`${place.variant} ${place.language}`}>
              <ContentFields content={content} problems={here} words={words} change={may ? (next: Content) => write(withContent(held.body, place, next)) : null} />
            </Form>
          </div>
        </Card>
        <ProblemList problems={problems} checked={checked} place={place} go={go} />
      </div>
      <aside>
        <PreviewPane body={held.body} place={place} eyes={eyes} look={look} />
      </aside>
    </div>
  );
}

function Naming({ held, hold, may }: Pick<WritingProps, "held" | "hold" | "may">) {
  const { t, i18n } = useTranslation();
  const purposes = usePurposes();
  const options = (purposes.data ?? []).map((each) => ({ value: each.key, label: i18n.language === "en" ? each.name_en : each.name_zh }));
  return (
    <Card size="small">
      <div className="form-grid">
        <label className="stack" style={{ gap: 4 }} htmlFor="template-name">
          {t("templates.edit.name")}
          <Input id="template-name" maxLength={200} readOnly={!may} status={held.name.trim() ? undefined : "error"} value={held.name} onChange={(event) => hold({ ...held, name: event.target.value })} />
        </label>
        <div className="stack" style={{ gap: 4 }}>
          <span>{t("templates.purpose")}</span>
          <Select aria-label={t("templates.purpose")} disabled={!may} value={held.purpose} options={options.length ? options : [{ value: held.purpose, label: held.purpose }]} onChange={(purpose: string) => hold({ ...held, purpose })} />
        </div>
      </div>
    </Card>
  );
}

/** What was kept last, and its revision. */
interface Kept {
  held: Held;
  revision: number;
}

function useSave(template: Template | null, { held, kept, take, keepAs }: { held: Held; kept: Kept; take: (theirs: Template) => void; keepAs: (kept: Kept) => void }, leaveFreely: () => void) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const navigate = useNavigate();
  const path = { project_id, template_id: template?.id ?? "" };
  const meanwhile = useMeanwhile<Template>({ latest: () => taken(api.GET("/api/projects/{project_id}/message-templates/{template_id}", { params: { path } })), take });
  return useAction(
    async (keep: boolean) => {
      const said = { name: held.name.trim(), purpose: held.purpose, body: held.body };
      const saved = template
        ? await meanwhile(kept.revision, (revision) => taken(api.PATCH("/api/projects/{project_id}/message-templates/{template_id}", { params: { path }, body: { ...said, keep_version: keep, revision } as never })))
        : await taken(api.POST("/api/projects/{project_id}/message-templates", { params: { path: { project_id } }, body: said as never }));
      return saved && { saved, held };
    },
    {
      done: (answer) => {
        if (!answer) return "";
        return template && answer.saved.version !== template.version ? t("templates.edit.savedAs", { count: answer.saved.version }) : t("templates.edit.saved");
      },
      refresh: [["templates", project_id], ["template-versions", project_id]],
      onDone: (answer) => {
        if (!answer) return;
        keepAs({ held: answer.held, revision: answer.saved.revision });
        if (template) return;
        leaveFreely();
        void navigate(`/p/${project_id}/templates/${answer.saved.id}`, { replace: true });
      },
    },
  );
}

function heldOf({ name, purpose, body }: Held): Held {
  return { name, purpose, body };
}
