import codes from "i18n-iso-countries/codes.json";

const ROWS = codes as [string, string, string, string][];
// By the number in the shapes, which are of Natural Earth.
const BY_NUMBER = new Map(ROWS.map(([two, , number]) => [number, two]));

const OWN_NAMES: Record<string, Record<string, string>> = {
  zh: { HK: "中国香港", MO: "中国澳门", TW: "中国台湾" },
  en: { HK: "Hong Kong", MO: "Macao", TW: "Taiwan" },
};
const ALIASES: Record<string, string> = {
  uk: "GB",
  "united states of america": "US",
  "mainland china": "CN",
  "people's republic of china": "CN",
  中国大陆: "CN",
  中华人民共和国: "CN",
  香港: "HK",
  澳门: "MO",
  macau: "MO",
  台湾: "TW",
  "russian federation": "RU",
  "republic of korea": "KR",
  "korea, republic of": "KR",
  korea: "KR",
  "viet nam": "VN",
  "czech republic": "CZ",
  turkey: "TR",
  "iran, islamic republic of": "IR",
  阿联酋: "AE",
};

const NAMES = new Map<string, string>();
for (const language of ["zh", "en"]) {
  for (const [two] of ROWS) NAMES.set(countryName(two, language).toLowerCase(), two);
  const spoken = displayed(language);
  for (const [two] of ROWS) NAMES.set((spoken.of(two) ?? two).toLowerCase(), two);
}
for (const [two, three] of ROWS) for (const code of [two, three]) NAMES.set(code.toLowerCase(), two);
for (const [name, two] of Object.entries(ALIASES)) NAMES.set(name, two);

/** The ISO code of the country that a text names: CN, CHN, 中国, China; null if it names none. */
export function countryCode(text: string): string | null {
  return NAMES.get(text.trim().toLowerCase()) ?? null;
}

/** The ISO code of a country by its ISO number. */
export function countryOfNumber(number: string): string | null {
  return BY_NUMBER.get(number) ?? null;
}

/** What a country is called in a language. */
export function countryName(code: string, language: string): string {
  // A few shapes are of places without a code; those are called as the shapes call them.
  if (!/^[A-Z]{2}$/.test(code)) return code;
  return OWN_NAMES[language]?.[code] ?? displayed(language).of(code) ?? code;
}

function displayed(language: string): Intl.DisplayNames {
  return new Intl.DisplayNames([language === "zh" ? "zh-CN" : "en"], { type: "region" });
}
