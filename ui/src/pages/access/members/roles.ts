import type { Role } from "@/api/types";

export const ROLES: Role[] = ["owner", "director", "manager", "specialist", "analyst", "viewer"];
