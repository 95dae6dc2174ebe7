export const collect = { title: "" };
