import { AutoComplete, Button, Dropdown, Popover, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DownOutlined, PlusOutlined } from "@/components/icons";
import { useConfirm } from "@/pages/audiences/common/useConfirm";
import type { Body } from "../common/types";
import { languagesOf, type Place, withLanguage, withoutLanguage, withoutVariant, withVariant } from "./body";

interface Props {
  body: Body;
  place: Place;
  go: (place: Partial<Place>) => void;
  change: ((body: Body) => void) | null;
}

const COMMON = ["zh-CN", "en", "zh-TW", "ja", "ko", "fr", "de", "es"];

/** Which language of which variant is written, with those that there are. */
export function PlaceBar({ body, place, go, change }: Props) {
  const { t } = useTranslation();
  const variants = Object.keys(body.variants);
  const languages = languagesOf(body);
  return (
    <div className="row between">
      <div className="row">
        <span id="language-bar">{t("templates.edit.language")}</span>
        <Segmented
          aria-labelledby="language-bar"
          value={place.language}
          options={languages.map((value) => ({ value, label: value === body.default_language && languages.length > 1 ? `${value} · ${t("templates.edit.isDefault")}` : value }))}
          onChange={(language) => {
            if (!body.variants[place.variant]?.[language] && change) change(withLanguage(body, place, language));
            go({ ...place, language });
          }}
        />
        {change && <MoreOfLanguages body={body} place={place} go={go} change={change} />}
      </div>
      {(variants.length > 1 || change) && (
        <div className="row">
          <span id="variant-bar">{t("templates.edit.variant")}</span>
          <Segmented aria-labelledby="variant-bar" value={place.variant} options={variants} onChange={(variant) => go({ ...place, variant })} />
          {change && <MoreOfVariants body={body} place={place} go={go} change={change} />}
        </div>
      )}
    </div>
  );
}

type Changing = Omit<Props, "change"> & { change: (body: Body) => void };

function MoreOfLanguages({ body, place, go, change }: Changing) {
  const { t } = useTranslation();
  const confirm = useConfirm();
  const [typed, type] = useState("");
  const [open, setOpen] = useState(false);
  const fine = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(typed) && !languagesOf(body).includes(typed);
  const add = () => {
    if (!fine) return;
    change(withLanguage(body, place, typed));
    go({ ...place, language: typed });
    setOpen(false);
    type("");
  };
  const content = (
    <form
      className="stack"
      style={{ gap: 8, width: 260 }}
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <span style={{ fontSize: 13 }}>{t("templates.edit.addLanguageHint")}</span>
      <span className="row" style={{ flexWrap: "nowrap" }}>
        <AutoComplete className="grow" aria-label={t("templates.edit.languageCode")} placeholder={t("templates.edit.languageCode")} value={typed} options={COMMON.filter((each) => !languagesOf(body).includes(each)).map((value) => ({ value }))} onChange={type} />
        <Button type="primary" htmlType="submit" disabled={!fine}>
          {t("common.add")}
        </Button>
      </span>
    </form>
  );
  const isDefault = place.language === body.default_language;
  const items = [
    { key: "default", label: t("templates.edit.makeDefault"), disabled: isDefault },
    { key: "remove", danger: true, label: t("templates.edit.removeLanguage", { name: place.language }), disabled: languagesOf(body).length < 2 },
  ];
  const act = (key: string) => {
    if (key === "default") return change({ ...body, default_language: place.language });
    void confirm(t("templates.edit.removeLanguage", { name: place.language }), () => change(withoutLanguage(body, place.language)));
  };
  return (
    <>
      <Popover open={open} onOpenChange={setOpen} trigger="click" content={content}>
        <Button size="small" icon={<PlusOutlined />} aria-label={t("templates.edit.addLanguage")} title={t("templates.edit.addLanguage")} />
      </Popover>
      {languagesOf(body).length > 1 && (
        <Dropdown trigger={["click"]} menu={{ items, onClick: ({ key }) => act(key) }}>
          <Button size="small" type="text" icon={<DownOutlined />} aria-label={`${t("common.more")}: ${place.language}`} />
        </Dropdown>
      )}
    </>
  );
}

function MoreOfVariants({ body, place, go, change }: Changing) {
  const { t } = useTranslation();
  const confirm = useConfirm();
  const add = () => {
    const made = withVariant(body, place.variant);
    change(made.body);
    go({ ...place, variant: made.variant });
  };
  return (
    <>
      <Button size="small" icon={<PlusOutlined />} disabled={Object.keys(body.variants).length >= 20} aria-label={t("templates.edit.addVariant")} title={t("templates.edit.addVariant")} onClick={add} />
      {Object.keys(body.variants).length > 1 && (
        <Button size="small" type="text" danger onClick={() => void confirm(t("templates.edit.removeVariantConfirm", { name: place.variant }), () => change(withoutVariant(body, place.variant)))}>
          {t("templates.edit.removeVariant", { name: place.variant })}
        </Button>
      )}
    </>
  );
}
