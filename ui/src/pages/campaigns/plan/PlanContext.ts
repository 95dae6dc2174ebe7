import { createContext, useContext } from "react";
import type { ApiError } from "@/api/client";
import type { Campaign, Plan } from "../shared/types";

interface Planning {
  campaign: Campaign;
  plan: Plan;
  change: (changes: Partial<Plan>) => void;
  refused: ApiError | null;
  /** Whether nothing can be changed now, or by this member. */
  fixed: boolean;
}

export const PlanContext = createContext<Planning | null>(null);

export function usePlanning(): Planning {
  const found = useContext(PlanContext);
  if (found === null) throw new Error("outside of a plan");
  return found;
}
