import { Button, Input, InputNumber } from "antd";
import { useTranslation } from "react-i18next";
import { DeleteOutlined, PlusOutlined } from "@/components/icons";
import { COLORS } from "@/results/Chart";
import type { Plan, Variant } from "../shared/types";
import { useCampaignFigures } from "../shared/words";
import { usePlanning } from "./PlanContext";

const MOST = 10;

/** A name that none of the variants has: the next letter. */
export function freeName(variants: readonly Variant[]): string {
  const taken = new Set(variants.map((each) => each.name));
  return [..."abcdefghijklmnopqrstuvwxyz"].find((each) => !taken.has(each)) ?? `v${variants.length + 1}`;
}

/** The share of all people in each arm, those held out first. */
export function armsOf(plan: Plan): { name: string; label: string; share: number }[] {
  const variants = plan.variants ?? [];
  const weights = variants.reduce((sum, each) => sum + (each.weight ?? 1), 0);
  const held = plan.holdout?.share ?? 0.1;
  return [{ name: "holdout", label: "", share: held }, ...variants.map((each) => ({ name: each.name, label: each.label ?? "", share: ((1 - held) * (each.weight ?? 1)) / weights }))];
}

/** Ways of doing it that are compared, and how people are split. */
export function VariantsSection() {
  const { t } = useTranslation();
  const { plan, change, fixed } = usePlanning();
  const variants = plan.variants ?? [];
  const set = (place: number, changes: Partial<Variant>) => {
    const before = variants[place];
    const renamed = before && changes.name !== undefined && changes.name !== before.name;
    change({
      variants: variants.map((each, at) => (at === place ? { ...each, ...changes } : each)),
      // Messages go with the variant that they are for.
      ...(renamed && { messages: plan.messages?.map((each) => (each.variant === before.name ? { ...each, variant: changes.name } : each)) }),
    });
  };
  const remove = (place: number) => {
    const gone = variants[place]?.name;
    change({ variants: variants.filter((_, at) => at !== place), messages: plan.messages?.filter((each) => each.variant !== gone) });
  };
  return (
    <div className="stack">
      <ArmsBar plan={plan} />
      {variants.map((each, place) => (
        <div key={place} className="row" role="group" aria-label={t("campaigns.plan.variant", { name: each.name })}>
          <Input aria-label={t("campaigns.plan.variantName")} style={{ width: 90 }} maxLength={40} value={each.name} onChange={(event) => set(place, { name: event.target.value })} />
          <Input aria-label={t("campaigns.plan.variantLabel")} placeholder={t("campaigns.plan.variantLabel")} style={{ flex: "1 1 200px", maxWidth: 420 }} maxLength={200} value={each.label ?? ""} onChange={(event) => set(place, { label: event.target.value })} />
          <InputNumber aria-label={t("campaigns.plan.weight")} prefix={t("campaigns.plan.weight")} style={{ width: 130 }} min={0.01} max={1000} value={each.weight ?? 1} onChange={(weight) => set(place, { weight: weight ?? 1 })} />
          {variants.length > 1 && !fixed && <Button type="text" icon={<DeleteOutlined />} aria-label={t("campaigns.plan.dropVariant", { name: each.name })} onClick={() => remove(place)} />}
        </div>
      ))}
      {!fixed && variants.length < MOST && (
        <div>
          <Button icon={<PlusOutlined />} onClick={() => change({ variants: [...variants, { name: freeName(variants), label: "", weight: 1 }] })}>
            {t("campaigns.plan.addVariant")}
          </Button>
        </div>
      )}
    </div>
  );
}

function ArmsBar({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  const { percent } = useCampaignFigures();
  const arms = armsOf(plan).filter((each) => each.share > 0);
  const nameOf = (name: string, label: string) => (name === "holdout" ? t("campaigns.holdout") : label || name);
  return (
    <div className="arms-bar" role="img" aria-label={arms.map((each) => `${nameOf(each.name, each.label)} ${percent(each.share)}`).join(", ")}>
      {arms.map((each, place) => (
        <span key={each.name} className={each.name === "holdout" ? "held" : undefined} style={{ width: `${100 * each.share}%`, background: each.name === "holdout" ? undefined : ["#3355ff", "#0f7d70", "#a14b00", "#7a2fbf", "#b42318"][(place - 1) % 5] ?? COLORS[0] }}>
          {each.share > 0.07 && `${nameOf(each.name, each.label)} ${percent(each.share)}`}
        </span>
      ))}
    </div>
  );
}
