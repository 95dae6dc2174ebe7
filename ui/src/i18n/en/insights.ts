import type { insights as zh } from "../zh/insights";

export const insights: typeof zh = { title: "" };
