import { ownHeaders, refusalOf } from "@/api/client";

interface More {
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

/** Sends a value to a path of a project; throws the server's refusal. For answers that are files or come in lines. */
export async function send(projectId: string, path: string, body: unknown, { signal, headers }: More = {}): Promise<Response> {
  const response = await fetch(addressOf(projectId, path), {
    method: "POST",
    credentials: "same-origin",
    headers: { ...ownHeaders(), "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
    signal,
  });
  if (!response.ok) throw await refusalOf(response);
  return response;
}

/** The address of a path of a project. */
export function addressOf(projectId: string, path: string): string {
  return `/api/projects/${encodeURIComponent(projectId)}/${path}`;
}

/** Gives each line of JSON of an answer as soon as it is there. */
export async function eachLine<T>(response: Response, take: (value: T) => void): Promise<void> {
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    const [lines, left] = linesOf(rest + (done ? "\n" : value));
    for (const line of lines) take(JSON.parse(line) as T);
    rest = left;
    if (done) return;
  }
}

/** Cuts lines out of text that comes in pieces; gives the rest back. */
export function linesOf(text: string): [string[], string] {
  const lines = text.split("\n");
  const rest = lines.pop() ?? "";
  return [lines.filter((line) => line.trim()), rest];
}
