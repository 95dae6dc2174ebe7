import type { collect as zh } from "../zh/collect";

export const collect: typeof zh = { title: "" };
