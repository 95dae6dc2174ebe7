import { Button, Card, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { DeleteOutlined, PlusOutlined } from "@/components/icons";
import { valueOf, type Written } from "./making";
import type { Kind } from "./types";

interface Props {
  kind: Kind;
  variants: Written[];
  onChange: (variants: Written[]) => void;
  onRename: (place: number, name: string) => void;
}

/** The variants of a flag, each with its value. */
export function VariantsCard({ kind, variants, onChange, onRename }: Props) {
  const { t } = useTranslation();
  const write = (place: number, text: string) => onChange(variants.with(place, { name: variants[place]?.name ?? "", text }));
  return (
    <Card size="small" title={t("flags.variants")}>
      <div className="stack">
        <span style={{ fontSize: 13, opacity: 0.85 }}>{t("flags.variantsHint")}</span>
        {variants.map((each, place) => (
          <div key={place} className="row" style={{ alignItems: "flex-start" }}>
            <Input aria-label={`${t("flags.variantKey")} ${place + 1}`} value={each.name} maxLength={60} style={{ width: 160 }} status={each.name.trim() ? undefined : "error"} onChange={(event) => onRename(place, event.target.value)} />
            {kind === "boolean" ? (
              <Select aria-label={`${t("flags.value")} ${place + 1}`} value={each.text} style={{ width: 110 }} options={["true", "false"].map((value) => ({ value, label: value }))} onChange={(text) => write(place, text)} />
            ) : (
              <Input.TextArea aria-label={`${t("flags.value")} ${place + 1}`} autoSize={{ minRows: 1, maxRows: 8 }} value={each.text} style={{ flex: "1 1 200px", fontFamily: kind === "string" ? undefined : "ui-monospace, monospace" }} status={valueOf(kind, each.text) === undefined ? "error" : undefined} onChange={(event) => write(place, event.target.value)} />
            )}
            <Button size="small" type="text" danger icon={<DeleteOutlined />} disabled={variants.length < 2} aria-label={t("flags.removeVariant", { name: each.name })} onClick={() => onChange(variants.toSpliced(place, 1))} />
          </div>
        ))}
        <div>
          <Button size="small" type="dashed" icon={<PlusOutlined />} onClick={() => onChange([...variants, { name: `variant_${variants.length + 1}`, text: kind === "boolean" ? "true" : kind === "number" ? "0" : kind === "object" ? "{}" : "" }])}>
            {t("flags.addVariant")}
          </Button>
        </div>
      </div>
    </Card>
  );
}
