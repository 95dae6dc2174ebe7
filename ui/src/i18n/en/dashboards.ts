import type { dashboards as zh } from "../zh/dashboards";

export const dashboards: typeof zh = { title: "" };
