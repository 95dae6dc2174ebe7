import type { Breakdown } from "@/query/types";
import { provinceCode } from "./provinces";

export type Scale = "world" | "china";

const COUNTRY = /^\$?(initial_)?(geoip_)?(country|nation)(_?(code|name))?$|^(国家|国家地区|国家\/地区)$/i;
const PROVINCE = /^\$?(initial_)?(geoip_)?(region|province|state|subdivision)(_?(code|name))?$|^(省|省份|省市|地区|所在省份|省级行政区)$/i;

/** The kind of region that a property holds, by its name; null if none. */
export function scaleOfProperty(name: string): Scale | null {
  return COUNTRY.test(name) ? "world" : PROVINCE.test(name) ? "china" : null;
}

/** The map that suits values: provinces of China where most are such, else countries. */
export function scaleOfValues(values: readonly (string | null)[]): Scale {
  const named = values.filter((value): value is string => Boolean(value));
  return named.filter((value) => provinceCode(value) !== null).length * 2 > named.length ? "china" : "world";
}

/** Whether a map can be drawn: one breakdown by a region, and, once there are values, provinces among regions. */
export function canBeMapped(breakdowns: readonly Breakdown[] | undefined, values: readonly (string | null)[] | null): boolean {
  const [only, second] = breakdowns ?? [];
  if (!only || second || only.bounds) return false;
  const scale = scaleOfProperty(only.property.name);
  if (scale === "china" && values?.some((value) => value)) return scaleOfValues(values) === "china";
  return scale !== null;
}
