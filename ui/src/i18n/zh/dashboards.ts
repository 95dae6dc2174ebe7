export const dashboards = { title: "" };
