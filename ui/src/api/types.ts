import type { components, paths } from "./schema";

export type Schemas = components["schemas"];
export type Me = Schemas["Me"];
export type ProjectOfMe = Me["projects"][number];
export type Permission = ProjectOfMe["permissions"][number];
export type Role = Schemas["RoleOutput"]["role"];

/** What a path answers when it is read, whatever the server calls its type. */
export type Got<Path extends keyof paths> = paths[Path] extends { get: { responses: { 200: { content: { "application/json": infer Body } } } } } ? Body : never;
