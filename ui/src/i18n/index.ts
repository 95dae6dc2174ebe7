import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { en } from "./en";
import { zh } from "./zh";

export const LANGUAGES = ["zh", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

const STORED = "bihuan.language";

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
  localStorage.setItem(STORED, language);
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  await i18next.changeLanguage(language);
}

export async function startI18n(): Promise<void> {
  const language = preferredLanguage();
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: "en",
    resources: { zh: { translation: zh }, en: { translation: en } },
    interpolation: { escapeValue: false },
  });
}
