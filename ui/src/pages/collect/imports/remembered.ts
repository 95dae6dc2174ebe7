import type { Schemas } from "@/api/types";

/** What an import was started with, kept on this device so that it can be gone on with. */
export interface Started {
  file: string;
  body: Schemas["ImportInput"];
}

const STORED = "bihuan.imports";
const MOST = 30;

function all(): Record<string, Started> {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? "{}") as Record<string, Started>;
  } catch {
    return {};
  }
}

export function startedAs(jobId: string): Started | undefined {
  return all()[jobId];
}

export function remember(jobId: string, started: Started): void {
  const kept = Object.entries({ ...all(), [jobId]: started }).slice(-MOST);
  localStorage.setItem(STORED, JSON.stringify(Object.fromEntries(kept)));
}
