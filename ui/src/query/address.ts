import type { Query } from "./types";

/** A query as text for an address; and back, null if the text is none. */
export function toAddress(query: Query): string {
  const bytes = new TextEncoder().encode(JSON.stringify(query));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export function fromAddress(text: string | null): Query | null {
  if (!text) return null;
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
    const value = JSON.parse(new TextDecoder().decode(bytes)) as unknown;
    return typeof value === "object" && value !== null && "kind" in value ? (value as Query) : null;
  } catch {
    return null;
  }
}
