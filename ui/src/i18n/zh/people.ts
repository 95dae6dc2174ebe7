export const people = { title: "" };
