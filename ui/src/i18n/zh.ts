import { access } from "./zh/access";
import { collect } from "./zh/collect";
import { common, errors, nav, palette } from "./zh/common";
import { dashboards } from "./zh/dashboards";
import { insights } from "./zh/insights";
import { people } from "./zh/people";

export const zh = { common, errors, nav, palette, access, collect, dashboards, insights, people };
