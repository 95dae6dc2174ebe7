import { Button, Card, Form, Input, Modal, Radio, Select, Tooltip } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, taken } from "@/api/client";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { PageFrame, useAction, usePages, useUrlState } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import { LeverMark } from "../shared/Marks";
import { useTemplates } from "../shared/queries";
import { type Campaign, type Template } from "../shared/types";
import { useCampaignFigures, useSaid } from "../shared/words";
import "../campaigns.css";

const WAYS = ["template", "past", "empty"] as const;
type Way = (typeof WAYS)[number];

/** A campaign from a ready one of the field, from a past one, or from nothing. */
export function NewCampaignPage() {
  const { t } = useTranslation();
  const url = useUrlState();
  const way = (WAYS.find((each) => each === url.get("from")) ?? "template") satisfies Way;
  return (
    <PageFrame title={t("campaigns.start.title")} hint={t("campaigns.start.hint")}>
      <Radio.Group aria-label={t("campaigns.start.title")} optionType="button" buttonStyle="solid" value={way} onChange={(event) => url.change({ from: event.target.value as Way })} options={WAYS.map((value) => ({ value, label: t(`campaigns.start.ways.${value}`) }))} />
      {way === "template" && <FromTemplate />}
      {way === "past" && <FromPast />}
      {way === "empty" && <Empty />}
    </PageFrame>
  );
}

function FromTemplate() {
  const { t } = useTranslation();
  const said = useSaid();
  const figures = useCampaignFigures();
  const templates = useTemplates();
  const [chosen, choose] = useState<Template | null>(null);
  if (templates.isPending) return <Waiting />;
  if (templates.error) return <Failure error={templates.error} retry={() => void templates.refetch()} />;
  return (
    <>
      <ul className="template-grid">
        {templates.data.map((each) => (
          <li key={each.key}>
            <button type="button" className="template-card" onClick={() => choose(each)}>
              <span className="row between">
                <strong>{said(each.name)}</strong>
                <LeverMark lever={each.lever} />
              </span>
              <span>{said(each.why)}</span>
              <small style={{ opacity: 0.85, marginTop: "auto" }}>
                {t("campaigns.start.forWhom", { words: said(each.audience_words) })}
                <br />
                {t("campaigns.start.facts", { count: each.days, days: each.days, messages: Object.keys(each.steps).length, holdout: figures.percent(each.holdout), effect: figures.points(each.effect) })}
              </small>
            </button>
          </li>
        ))}
      </ul>
      {chosen && <Named begun={said(chosen.name)} template={chosen.key} close={() => choose(null)} />}
    </>
  );
}

/** Asks for the name, and begins. */
function Named({ begun, template, close }: { begun: string; template: string; close: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(begun);
  const make = useMake();
  return (
    <Modal open title={t("campaigns.start.named", { name: begun })} onCancel={close} onOk={() => make.mutate({ name: name.trim(), template })} okText={t("campaigns.start.make")} okButtonProps={{ disabled: !name.trim() }} confirmLoading={make.isPending}>
      <Form layout="vertical" component="div">
        <Form.Item label={t("campaigns.name")} htmlFor="campaign-name" extra={t("campaigns.start.templateHint")}>
          <Input id="campaign-name" autoFocus maxLength={200} value={name} onChange={(event) => setName(event.target.value)} onPressEnter={() => name.trim() && make.mutate({ name: name.trim(), template })} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function Empty() {
  const { t } = useTranslation();
  const may = useMay("edit_insights");
  const [name, setName] = useState("");
  const make = useMake();
  return (
    <Card style={{ maxWidth: 560 }}>
      <Form layout="vertical" onFinish={() => make.mutate({ name: name.trim() })}>
        <Form.Item label={t("campaigns.name")} htmlFor="campaign-name" extra={t("campaigns.start.emptyHint")}>
          <Input id="campaign-name" autoFocus maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
        </Form.Item>
        <Button type="primary" htmlType="submit" disabled={!name.trim() || !may} loading={make.isPending}>
          {t("campaigns.start.make")}
        </Button>
      </Form>
    </Card>
  );
}

function FromPast() {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const navigate = useNavigate();
  const [chosen, choose] = useState<Campaign | null>(null);
  const [name, setName] = useState("");
  const [measured, measure] = useState(true);
  const past = usePages(["campaigns", project_id, "list", "", [], undefined], (cursor) => taken(api.GET("/api/projects/{project_id}/campaigns", { params: { path: { project_id }, query: { cursor } } })));
  const judged = chosen?.status === "evaluated";
  const copy = useAction(
    () => taken(api.POST("/api/projects/{project_id}/campaigns/{campaign_id}/copy", { params: { path: { project_id, campaign_id: chosen?.id ?? "" } }, body: { name: name.trim(), from_report: judged && measured } })),
    { refresh: [["campaigns", project_id]], onDone: (made) => void navigate(`/p/${project_id}/campaigns/${made.id}`) },
  );
  return (
    <Card style={{ maxWidth: 560 }}>
      <Form layout="vertical" onFinish={() => copy.mutate()}>
        <Form.Item label={t("campaigns.start.past")} htmlFor="campaign-past" extra={t("campaigns.start.pastHint")}>
          <Select
            id="campaign-past"
            showSearch={{ optionFilterProp: "label" }}
            placeholder={t("campaigns.start.choosePast")}
            notFoundContent={t("campaigns.empty")}
            value={chosen?.id}
            loading={past.isPending}
            options={past.items.map((each) => ({ value: each.id, label: `${each.name} · ${t(`campaigns.statuses.${each.status}`)}` }))}
            onChange={(id: string) => {
              const found = past.items.find((each) => each.id === id) ?? null;
              choose(found);
              if (found) setName(t("campaigns.copyName", { name: found.name }).slice(0, 200));
            }}
          />
        </Form.Item>
        <Form.Item label={t("campaigns.name")} htmlFor="campaign-name">
          <Input id="campaign-name" maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
        </Form.Item>
        {chosen && (
          <Form.Item label={t("campaigns.start.expectation")}>
            <Radio.Group
              aria-label={t("campaigns.start.expectation")}
              value={judged && measured}
              onChange={(event) => measure(event.target.value as boolean)}
              options={[
                { value: true, label: <Tooltip title={judged ? undefined : t("campaigns.start.notJudged")}>{t("campaigns.start.asMeasured")}</Tooltip>, disabled: !judged },
                { value: false, label: t("campaigns.start.asPlanned") },
              ]}
            />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" disabled={!chosen || !name.trim()} loading={copy.isPending}>
          {t("campaigns.start.make")}
        </Button>
      </Form>
    </Card>
  );
}

function useMake() {
  const { i18n } = useTranslation();
  const { id: project_id } = useProject();
  const navigate = useNavigate();
  return useAction(
    (given: { name: string; template?: string }) =>
      taken(api.POST("/api/projects/{project_id}/campaigns", { params: { path: { project_id }, query: { language: i18n.language === "zh" ? "zh" : "en" } }, body: { description: "", ...given } })),
    { refresh: [["campaigns", project_id]], onDone: (made) => void navigate(`/p/${project_id}/campaigns/${made.id}`) },
  );
}
