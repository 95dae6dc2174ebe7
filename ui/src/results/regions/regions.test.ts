import { describe, expect, it } from "vitest";
import { placed } from "../MapView";
import { ATLASES } from "./atlas";
import { countryCode, countryName } from "./countries";
import { provinceCode, provinceName, PROVINCES } from "./provinces";
import { canBeMapped, scaleOfProperty, scaleOfValues } from "./scale";

describe("provinces", () => {
  it("are 34, each on a square of its own", () => {
    expect(new Set(PROVINCES.map((each) => each.code)).size).toBe(34);
    expect(new Set(PROVINCES.map((each) => each.number)).size).toBe(34);
    expect(new Set(PROVINCES.map((each) => `${each.column}/${each.row}`)).size).toBe(34);
  });

  it("are known by their names and codes", () => {
    const written = {
      GD: ["广东", "广东省", "Guangdong", "guangdong province", "Guangdong Sheng", "CN-GD", "CN-44", "44", "440000"],
      NM: ["内蒙古", "内蒙古自治区", "Inner Mongolia", "Nei Mongol", "CN-NM"],
      XJ: ["新疆维吾尔自治区", "Xinjiang Uyghur Autonomous Region", "Xinjiang"],
      GX: ["广西壮族自治区", "Guangxi Zhuang Autonomous Region", "Guangxi Zhuangzu Zizhiqu"],
      AH: ["Anhui", "安徽省"],
      BJ: ["北京市", "Beijing Shi", "Beijing"],
      XZ: ["西藏自治区", "Tibet", "Xizang"],
      HK: ["香港特别行政区", "Hong Kong SAR", "中国香港"],
      TW: ["台湾省", "Taiwan", "中国台湾"],
      SN: ["陕西", "Shaanxi"],
      SX: ["山西", "Shanxi"],
    };
    for (const [code, texts] of Object.entries(written)) for (const text of texts) expect([text, provinceCode(text)]).toEqual([text, code]);
    for (const text of ["", "California", "中国", "Île-de-France", "GD?"]) expect(provinceCode(text)).toBeNull();
  });

  it("are called as the reader's language calls them", () => {
    expect([provinceName("SN", "zh"), provinceName("SN", "en")]).toEqual(["陕西", "Shaanxi"]);
  });
});

describe("countries", () => {
  it("are known by their names and codes", () => {
    const written = { CN: ["CN", "chn", "中国", "China", "中国大陆"], US: ["US", "USA", "美国", "United States", "United States of America"], GB: ["UK", "英国", "GBR"], HK: ["Hong Kong", "香港", "中国香港特别行政区"], KR: ["South Korea", "韩国"] };
    for (const [code, texts] of Object.entries(written)) for (const text of texts) expect([text, countryCode(text)]).toEqual([text, code]);
    for (const text of ["", "Atlantis", "XX"]) expect(countryCode(text)).toBeNull();
  });

  it("are called as the reader's language calls them", () => {
    expect([countryName("DE", "zh"), countryName("DE", "en"), countryName("TW", "zh")]).toEqual(["德国", "Germany", "中国台湾"]);
    expect(countryName("N. Cyprus", "en")).toBe("N. Cyprus");
  });

  it("have shapes", () => {
    for (const code of ["CN", "US", "DE", "BR", "ZA", "FR", "NO"]) expect(ATLASES.world.drawn.has(code)).toBe(true);
  });
});

describe("a map", () => {
  it("is offered for one breakdown by region", () => {
    const by = (name: string) => [{ property: { scope: "event" as const, name } }];
    for (const name of ["$country", "country", "country_code", "$geoip_country_code", "国家"]) expect(scaleOfProperty(name)).toBe("world");
    for (const name of ["$region", "province", "省份"]) expect(scaleOfProperty(name)).toBe("china");
    for (const name of ["city", "$os", "region_manager", "statement"]) expect(scaleOfProperty(name)).toBeNull();
    expect(canBeMapped(by("$country"), null)).toBe(true);
    expect(canBeMapped(by("$region"), ["广东", "北京"])).toBe(true);
    expect(canBeMapped(by("$region"), ["California", "Texas"])).toBe(false);
    expect(canBeMapped([...by("$country"), ...by("$os")], null)).toBe(false);
    expect(canBeMapped([], null)).toBe(false);
  });

  it("is of provinces where most values are such", () => {
    expect(scaleOfValues(["广东", "上海", null])).toBe("china");
    expect(scaleOfValues(["中国", "香港", "美国", "日本"])).toBe("world");
    expect(scaleOfValues([])).toBe("world");
  });

  it("adds up what names the same region, and leaves out none", () => {
    const rows = [
      { value: "CN", amount: 5 },
      { value: "中国", amount: 2 },
      { value: "Atlantis", amount: 1 },
      { value: null, amount: 4 },
    ];
    const { regions, elsewhere } = placed(rows, ATLASES.world);
    expect(regions.map(({ code, amount }) => [code, amount])).toEqual([["CN", 7]]);
    expect(elsewhere.map((row) => row.amount)).toEqual([1, 4]);
  });
});
