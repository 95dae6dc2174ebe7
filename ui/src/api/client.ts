import createClient, { type Middleware } from "openapi-fetch";
import { currentLanguage } from "@/i18n";
import type { paths } from "./schema";

/** What the server says when it refuses, in the reader's language. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly path: string | null = null,
    readonly hint: string | null = null,
  ) {
    super(message);
  }
}

let csrfToken = "";

/** Sent with everything that changes something; `/api/me` says it. */
export function keepCsrfToken(token: string): void {
  csrfToken = token;
}

/** Headers that every request of these pages has. */
export function ownHeaders(): Record<string, string> {
  return { "accept-language": currentLanguage(), "x-csrf-token": csrfToken };
}

/** The refusal in an answer. */
export async function refusalOf(response: Response): Promise<ApiError> {
  try {
    const { error } = (await response.json()) as {
      error: { code: string; message: string; path: string | null; hint: string | null };
    };
    return new ApiError(response.status, error.code, error.message, error.path, error.hint);
  } catch {
    return new ApiError(response.status, "unreadable", `${response.status} ${response.statusText}`);
  }
}

const asReader: Middleware = {
  onRequest({ request }) {
    for (const [name, value] of Object.entries(ownHeaders())) request.headers.set(name, value);
  },
  async onResponse({ response }) {
    if (!response.ok) throw await refusalOf(response);
  },
};

export const api = createClient<paths>({ baseUrl: "/", credentials: "same-origin" });
api.use(asReader);

/** The body of an answer; a refusal has been thrown before. */
export async function taken<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}
