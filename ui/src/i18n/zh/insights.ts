export const insights = { title: "" };
