import { Button, Card, Input, InputNumber, Radio } from "antd";
import { useTranslation } from "react-i18next";
import { DeleteOutlined, PlusOutlined } from "@/components/icons";
import { useFigures } from "@/results/figures";
import { SharesBar, VARIANT_COLORS } from "../common/Marks";
import type { Plan, Variant } from "../common/types";

/** The variants with their weights, and which one is the control. */
export function VariantsCard({ plan, set }: { plan: Plan; set: (change: Partial<Plan>) => void }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { variants } = plan;
  const total = variants.reduce((sum, each) => sum + each.weight, 0) || 1;
  const shares = Object.fromEntries(variants.map((each, place) => [each.key || String(place), each.weight / total]));
  const replace = (place: number, next: Variant) => {
    const before = variants[place]?.key;
    set({ variants: variants.with(place, next), ...(plan.control === before ? { control: next.key } : {}) });
  };
  return (
    <Card size="small" title={t("experiments.form.variants")}>
      <div className="stack">
        <span style={{ fontSize: 13, opacity: 0.85 }}>{t("experiments.form.variantsHint")}</span>
        <SharesBar shares={shares} />
        {variants.map((variant, place) => (
          <div key={place} className="row" role="group" aria-label={variant.key} style={{ gap: 8 }}>
            <span aria-hidden style={{ width: 10, height: 10, borderRadius: 3, background: VARIANT_COLORS[place % VARIANT_COLORS.length] }} />
            <Input aria-label={`${t("experiments.form.key")} ${place + 1}`} value={variant.key} maxLength={60} style={{ width: 150 }} status={!variant.key.trim() || variants.some((each, at) => at !== place && each.key === variant.key) ? "error" : undefined} onChange={(event) => replace(place, { ...variant, key: event.target.value })} />
            <Input aria-label={`${t("experiments.form.variantName")} ${place + 1}`} placeholder={t("experiments.form.variantName")} value={variant.name} maxLength={200} style={{ flex: "1 1 140px" }} onChange={(event) => replace(place, { ...variant, name: event.target.value })} />
            <InputNumber aria-label={`${t("experiments.form.weight")} ${place + 1}`} min={0.01} max={1_000_000} value={variant.weight} style={{ width: 84 }} onChange={(weight) => replace(place, { ...variant, weight: weight ?? 1 })} />
            <span className="figure" style={{ width: 52, textAlign: "end" }}>
              {figures.percent(variant.weight / total)}
            </span>
            <Radio checked={plan.control === variant.key} onChange={() => set({ control: variant.key })} aria-label={`${t("experiments.form.isControl")}: ${variant.key}`}>
              {t("experiments.control")}
            </Radio>
            <Button type="text" size="small" danger icon={<DeleteOutlined />} disabled={variants.length <= 2} aria-label={t("experiments.form.removeVariant", { name: variant.key })} onClick={() => set({ variants: variants.toSpliced(place, 1), ...(plan.control === variant.key ? { control: variants.find((each) => each.key !== variant.key)?.key ?? "" } : {}) })} />
          </div>
        ))}
        {variants.length < 20 && (
          <div>
            <Button size="small" type="dashed" icon={<PlusOutlined />} onClick={() => set({ variants: [...variants, { key: `treatment_${variants.length}`, name: "", weight: 1 }] })}>
              {t("experiments.form.addVariant")}
            </Button>
          </div>
        )}
      </div>
    </Card>
  );
}
