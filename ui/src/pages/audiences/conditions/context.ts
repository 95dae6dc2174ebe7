import { createContext, useContext } from "react";

export interface Marked {
  /** Where the server found a fault, and its words. */
  fault: { place: string; message: string } | null;
  unfinished: ReadonlySet<string>;
}

/** What is marked in the conditions that are being edited. */
export const MarkedContext = createContext<Marked>({ fault: null, unfinished: new Set() });

export function useMarked(): Marked {
  return useContext(MarkedContext);
}
