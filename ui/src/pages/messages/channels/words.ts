import { useTranslation } from "react-i18next";

/** What a kind is called, what it is, and what it needs at the provider. */
export function useKindWords() {
  const { t, i18n } = useTranslation();
  return (kind: string) => {
    const key = `channels.kinds.${kind}`;
    if (!i18n.exists(key)) return { name: kind, about: "", setup: "" };
    const of = (part: string) => t(`${key}.${part}` as "channels.kinds.smtp.name");
    return { name: of("name"), about: of("about"), setup: of("setup") };
  };
}

/** What a setting is called, and what is to be known of it. */
export function useFieldWords() {
  const { t, i18n } = useTranslation();
  return (name: string, kind: string) => {
    const label = `channels.fields.${name}`;
    const hint = `channels.hints.${name}`;
    const told = i18n.exists(hint) && !(name === "token" && kind !== "feishu") && !(name === "key" && kind !== "wecom");
    return { label: i18n.exists(label) ? t(label as "channels.fields.url") : name, hint: told ? t(hint as "channels.hints.key") : undefined };
  };
}
