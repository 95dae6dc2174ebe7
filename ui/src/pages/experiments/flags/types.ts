import type { Got } from "@/api/types";
import type { Condition } from "@/pages/audiences/conditions/types";

export const KINDS = ["boolean", "string", "number", "object"] as const;
export type Kind = (typeof KINDS)[number];
export type Serve = { kind: "always"; variant: string } | { kind: "rollout"; shares: { variant: string; percent: number }[]; salt?: string } | { kind: "experiment"; experiment_id: string };
export interface Rule {
  name: string;
  condition: Condition | null;
  serve: Serve;
}
export interface Environment {
  enabled: boolean;
  default: string;
  rules: Rule[];
}
export interface Definition {
  kind: Kind;
  variants: Record<string, unknown>;
  off: string;
  environments: Record<string, Environment>;
}
type FlagOutput = Got<"/api/projects/{project_id}/flags/{key}">;
export type Flag = Omit<FlagOutput, "definition"> & { definition: Definition };
export const PRODUCTION = "production";
