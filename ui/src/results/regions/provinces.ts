/** A province of China: its ISO code without "CN-", its number, its names, and its place on the grid map. */
export interface Province {
  code: string;
  number: string;
  zh: string;
  en: string;
  column: number;
  row: number;
}

const TABLE: readonly (readonly [string, string, string, string, number, number])[] = [
  ["HL", "23", "黑龙江", "Heilongjiang", 8, 0],
  ["NM", "15", "内蒙古", "Inner Mongolia", 5, 1],
  ["LN", "21", "辽宁", "Liaoning", 7, 1],
  ["JL", "22", "吉林", "Jilin", 8, 1],
  ["XJ", "65", "新疆", "Xinjiang", 0, 2],
  ["GS", "62", "甘肃", "Gansu", 2, 2],
  ["NX", "64", "宁夏", "Ningxia", 3, 2],
  ["SX", "14", "山西", "Shanxi", 4, 2],
  ["HE", "13", "河北", "Hebei", 5, 2],
  ["BJ", "11", "北京", "Beijing", 6, 2],
  ["TJ", "12", "天津", "Tianjin", 7, 2],
  ["QH", "63", "青海", "Qinghai", 1, 3],
  ["SN", "61", "陕西", "Shaanxi", 3, 3],
  ["HA", "41", "河南", "Henan", 4, 3],
  ["SD", "37", "山东", "Shandong", 5, 3],
  ["XZ", "54", "西藏", "Xizang", 0, 4],
  ["SC", "51", "四川", "Sichuan", 2, 4],
  ["CQ", "50", "重庆", "Chongqing", 3, 4],
  ["HB", "42", "湖北", "Hubei", 4, 4],
  ["AH", "34", "安徽", "Anhui", 5, 4],
  ["JS", "32", "江苏", "Jiangsu", 6, 4],
  ["SH", "31", "上海", "Shanghai", 7, 4],
  ["YN", "53", "云南", "Yunnan", 2, 5],
  ["GZ", "52", "贵州", "Guizhou", 3, 5],
  ["HN", "43", "湖南", "Hunan", 4, 5],
  ["JX", "36", "江西", "Jiangxi", 5, 5],
  ["ZJ", "33", "浙江", "Zhejiang", 6, 5],
  ["GX", "45", "广西", "Guangxi", 3, 6],
  ["GD", "44", "广东", "Guangdong", 4, 6],
  ["FJ", "35", "福建", "Fujian", 5, 6],
  ["TW", "71", "台湾", "Taiwan", 6, 6],
  ["HI", "46", "海南", "Hainan", 3, 7],
  ["MO", "82", "澳门", "Macao", 4, 7],
  ["HK", "81", "香港", "Hong Kong", 5, 7],
];

export const PROVINCES: readonly Province[] = TABLE.map(([code, number, zh, en, column, row]) => ({ code, number, zh, en, column, row }));

// Written in one word: spaces, hyphens and apostrophes are taken out before a name is looked up.
const ALIASES: Record<string, string> = { tibet: "XZ", neimenggu: "NM", neimongol: "NM", innermongol: "NM", macau: "MO", xianggang: "HK", aomen: "MO", 臺灣: "TW", 澳門: "MO" };
const SUFFIX_ZH = /(壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区|省|市)$/;
const SUFFIX_EN = /(autonomousregion|specialadministrativeregion|province|municipality|sheng|shi|sar|zizhiqu|zhuang|zhuangzu|hui|huizu|uygur|uyghur|weiwuer)$/;

const BY_NAME = new Map<string, string>([
  ...PROVINCES.flatMap(({ code, number, zh, en }): [string, string][] => [
    [`cn${code.toLowerCase()}`, code],
    [`cn${number}`, code],
    [number, code],
    [`${number}0000`, code],
    [zh, code],
    [en.toLowerCase().replaceAll(" ", ""), code],
  ]),
  ...Object.entries(ALIASES),
]);

/** The code of the province that a text names: 广东, 广东省, Guangdong, CN-GD, 440000; null if it names none. */
export function provinceCode(text: string): string | null {
  const whole = text.trim().toLowerCase().replace(/[\s'’.\-_,]/g, "").replace(/^(中国|china)/, "");
  // "Ningxia Hui Autonomous Region" has two of these; "Anhui", which ends like one, is found before.
  for (let name = whole, times = 0; times < 3; times += 1) {
    const found = BY_NAME.get(name);
    if (found !== undefined) return found;
    name = name.replace(SUFFIX_ZH, "").replace(SUFFIX_EN, "");
  }
  return null;
}

/** What a province is called in a language. */
export function provinceName(code: string, language: string): string {
  const found = PROVINCES.find((each) => each.code === code);
  return found ? (language === "zh" ? found.zh : found.en) : code;
}
