export type Lever = "acquire" | "activate" | "retain" | "convert" | "refer" | "win_back";
export const GROUP_CODES = ["important_value", "important_develop", "important_keep", "important_win_back", "general_value", "general_develop", "general_keep", "general_win_back"] as const;

export interface RfmGroup {
  group: (typeof GROUP_CODES)[number];
  lever: Lever;
  people: number;
  share: number;
  value: number;
  value_share: number | null;
  mean_recency: number | null;
  mean_frequency: number | null;
  mean_monetary: number | null;
}

/** What `/rfm` answers. */
export interface Rfm {
  people: number;
  value: number;
  thresholds: { figure: "recency" | "frequency" | "monetary"; scores: number; cuts: number[]; high_from: number }[];
  cells: { recency: number; frequency: number; people: number; mean_monetary: number | null; value: number }[];
  groups: RfmGroup[];
}

export type Select = (selection: object, title: string) => void;
