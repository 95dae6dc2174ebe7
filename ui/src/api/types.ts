import type { components } from "./schema";

export type Schemas = components["schemas"];
export type Me = Schemas["Me"];
export type ProjectOfMe = Me["projects"][number];
export type Permission = ProjectOfMe["permissions"][number];
export type Role = Schemas["RoleOutput"]["role"];
