import { useTranslation } from "react-i18next";
import { access } from "@/i18n/zh/access";

const { actions, verbs } = access.audit;
type Family = keyof typeof actions;
type Verb = keyof typeof verbs;

export const FAMILIES = Object.keys(actions) as Family[];

/** An action such as `source.created` in words; parts that have none stay as they are. */
export function useActionWords(): (action: string) => string {
  const { t } = useTranslation();
  return (action) => {
    const [family = "", verb = ""] = action.split(".", 2);
    const thing = family in actions ? t(`access.audit.actions.${family as Family}`) : family;
    const done = verb in verbs ? t(`access.audit.verbs.${verb as Verb}`) : verb in actions ? t(`access.audit.actions.${verb as Family}`) : verb;
    return done ? `${thing} · ${done}` : thing;
  };
}
