import { access } from "./en/access";
import { collect } from "./en/collect";
import { common, errors, nav, palette } from "./en/common";
import { dashboards } from "./en/dashboards";
import { insights } from "./en/insights";
import { people } from "./en/people";

export const en = { common, errors, nav, palette, access, collect, dashboards, insights, people };
