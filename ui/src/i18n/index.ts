import i18next from "i18next";
import { initReactI18next } from "react-i18next";

export const LANGUAGES = ["zh", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

const STORED = "bihuan.language";
// Nobody waits for the words of a language that nobody reads.
const WORDS = {
  zh: async () => (await import("./zh")).zh,
  en: async () => (await import("./en")).en,
};

/** The language of the reader: as chosen on this device, else as the browser prefers, else Chinese. */
export function preferredLanguage(): Language {
  const stored = localStorage.getItem(STORED);
  if (stored === "zh" || stored === "en") return stored;
  return navigator.languages.some((each) => each.startsWith("zh")) || !navigator.languages.length ? "zh" : "en";
}

export function currentLanguage(): Language {
  return i18next.language === "en" ? "en" : "zh";
}

export async function chooseLanguage(language: Language): Promise<void> {
  i18next.addResourceBundle(language, "translation", await WORDS[language]());
  localStorage.setItem(STORED, language);
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  await i18next.changeLanguage(language);
}

export async function startI18n(): Promise<void> {
  const language = preferredLanguage();
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: { [language]: { translation: await WORDS[language]() } },
    interpolation: { escapeValue: false },
  });
}
