import type { people as zh } from "../zh/people";

export const people: typeof zh = { title: "" };
