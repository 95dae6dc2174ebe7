import { geoNaturalEarth1 } from "d3-geo";
import { MapChart } from "echarts/charts";
import { VisualMapContinuousComponent } from "echarts/components";
import * as core from "echarts/core";
import type { FeatureCollection } from "geojson";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import world from "world-atlas/countries-110m.json";
import { countryCode, countryName, countryOfNumber } from "./countries";
import { provinceCode, provinceName, PROVINCES } from "./provinces";
import type { Scale } from "./scale";

/** What a map needs to know of its regions; loaded with the first map. */
export interface Atlas {
  /** The code of the region that a text names. */
  codeOf: (text: string) => string | null;
  nameOf: (code: string, language: string) => string;
  /** What stands on the region itself; empty for nothing. */
  labelOf: (code: string, language: string) => string;
  /** The codes that are drawn. */
  drawn: ReadonlySet<string>;
  /** How the map series of ECharts shows it. */
  series: Record<string, unknown>;
}

core.use([MapChart, VisualMapContinuousComponent]);

const NO_PEOPLE = "AQ";
const shapes = feature(world as unknown as Topology, (world as unknown as Topology<{ countries: GeometryCollection<{ name: string }> }>).objects.countries);
const countries: FeatureCollection = {
  type: "FeatureCollection",
  features: shapes.features.flatMap((each) => {
    const code = countryOfNumber(String(each.id ?? ""));
    return code === NO_PEOPLE ? [] : [{ ...each, properties: { name: code ?? each.properties.name } }];
  }),
};
const provinces: FeatureCollection = {
  type: "FeatureCollection",
  features: PROVINCES.map(({ code, column, row }) => {
    const [left, right, top, bottom] = [column + 0.03, column + 0.97, -row - 0.03, -row - 0.97];
    const ring = [[left, top], [right, top], [right, bottom], [left, bottom], [left, top]];
    return { type: "Feature", properties: { name: code }, geometry: { type: "Polygon", coordinates: [ring] } };
  }),
};
core.registerMap("world", countries as never);
// ECharts draws more of its own into a map that is called "china".
core.registerMap("provinces", provinces as never);

const namesOf = (collection: FeatureCollection) => new Set(collection.features.map((each) => String(each.properties?.name)));
const projection = geoNaturalEarth1();

export const ATLASES: Record<Scale, Atlas> = {
  world: {
    codeOf: countryCode,
    nameOf: countryName,
    labelOf: () => "",
    drawn: namesOf(countries),
    series: {
      map: "world",
      projection: {
        project: (point: [number, number]) => projection(point),
        unproject: (point: [number, number]) => projection.invert?.(point),
        stream: projection.stream,
      },
    },
  },
  china: {
    codeOf: provinceCode,
    nameOf: provinceName,
    labelOf: (code, language) => (language === "zh" ? provinceName(code, language) : code),
    drawn: namesOf(provinces),
    series: { map: "provinces", aspectScale: 1 },
  },
};
