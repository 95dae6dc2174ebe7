import { Alert, Form, Select, Slider, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { LinkButton } from "@/components/LinkButton";
import { useProject } from "@/session/session";
import { useAudiences, useTemplates } from "../shared/queries";
import type { Plan } from "../shared/types";
import { useCampaignFigures, useSaid } from "../shared/words";
import { usePlanning } from "./PlanContext";
import { Button } from "antd";

/** Who it is for, and which share of them is deliberately not reached. */
export function PeopleSection() {
  const { t } = useTranslation();
  const { id } = useProject();
  const { plan, change, fixed } = usePlanning();
  const { number } = useCampaignFigures();
  const audiences = useAudiences();
  const target = plan.target ?? {};
  const set = (changes: Partial<NonNullable<Plan["target"]>>) => change({ target: { ...target, ...changes } });
  const options = audiences.map((each) => ({ value: each.id, label: each.name, size: each.size }));
  const chosen = audiences.filter((each) => target.audience_ids?.includes(each.id));
  return (
    <Form layout="vertical" component="div">
      <div className="form-grid">
        <Form.Item label={t("campaigns.plan.audiences")} htmlFor="plan-audiences" style={{ margin: 0 }} extra={chosen.length > 0 && chosen.map((each) => <Link key={each.id} to={`/p/${id}/audiences/${each.id}`} style={{ marginInlineEnd: 10 }}>{t("campaigns.plan.sized", { count: each.size, name: each.name, size: number(each.size) })}</Link>)}>
          <Select id="plan-audiences" mode="multiple" showSearch={{ optionFilterProp: "label" }} placeholder={t("campaigns.plan.chooseAudience")} value={target.audience_ids ?? []} options={options} onChange={(audience_ids) => set({ audience_ids })} />
        </Form.Item>
        <Form.Item label={t("campaigns.plan.excluded")} htmlFor="plan-excluded" style={{ margin: 0 }}>
          <Select id="plan-excluded" mode="multiple" showSearch={{ optionFilterProp: "label" }} value={target.exclude_audience_ids ?? []} options={options} onChange={(exclude_audience_ids) => set({ exclude_audience_ids })} />
        </Form.Item>
      </div>
      {!fixed && !target.audience_ids?.length && <Suggestion />}
      <HoldoutFields />
    </Form>
  );
}

/** The audience that the campaign's template suggests, to be made. */
function Suggestion() {
  const { t } = useTranslation();
  const said = useSaid();
  const navigate = useNavigate();
  const { id } = useProject();
  const { campaign } = usePlanning();
  const templates = useTemplates();
  const template = templates.data?.find((each) => each.key === campaign.template);
  if (!template) return <div style={{ marginTop: 10 }}><LinkButton size="small" to={`/p/${id}/audiences/new`}>{t("campaigns.plan.makeAudience")}</LinkButton></div>;
  const begun = { name: t("campaigns.plan.audienceName", { name: campaign.name }), description: said(template.audience_words), refresh: "daily", condition: template.audience };
  return (
    <Alert
      style={{ marginTop: 12 }}
      type="info"
      title={t("campaigns.plan.suggested", { words: said(template.audience_words) })}
      action={
        <Button size="small" onClick={() => void navigate(`/p/${id}/audiences/new`, { state: begun })}>
          {t("campaigns.plan.makeSuggested")}
        </Button>
      }
    />
  );
}

function HoldoutFields() {
  const { t } = useTranslation();
  const { plan, change } = usePlanning();
  const { percent } = useCampaignFigures();
  const holdout = { share: 0.1, respect_global: true, ...plan.holdout };
  return (
    <div className="form-grid" style={{ marginTop: 16 }}>
      <Form.Item label={t("campaigns.plan.holdout", { share: percent(holdout.share) })} extra={t(holdout.share ? "campaigns.plan.holdoutHint" : "campaigns.plan.noHoldout")} style={{ margin: 0 }}>
        <Slider ariaLabelForHandle={t("campaigns.plan.holdoutLabel")} min={0} max={50} marks={{ 0: "0%", 10: "10%", 20: "20%", 50: "50%" }} tooltip={{ formatter: (value) => `${value}%` }} value={Math.round(holdout.share * 100)} onChange={(value) => change({ holdout: { ...holdout, share: value / 100 } })} />
      </Form.Item>
      <Form.Item label={t("campaigns.plan.global")} htmlFor="plan-global" extra={t("campaigns.plan.globalHint")} style={{ margin: 0 }}>
        <Switch id="plan-global" aria-label={t("campaigns.plan.global")} checked={holdout.respect_global} onChange={(respect_global) => change({ holdout: { ...holdout, respect_global } })} />
      </Form.Item>
    </div>
  );
}
