/** A message as the server has it. What it says is text, never markup. */
export interface Message {
  id: string;
  form: string;
  title: string;
  body: string;
  image: string;
  link: string;
  button: string;
  data?: unknown;
  created_ms: number;
  seen_ms: number | null;
}

export type Act = "seen" | "clicked" | "dismissed";
export type Who = [string, string, string | false | undefined];

const text = (value: unknown) => (typeof value === "string" ? value : "");

/** The messages of whoever is here; none where nobody may be asked for. */
export async function fetchMessages([host, key, id]: Who, signature: string | undefined): Promise<Message[]> {
  if (!id) return [];
  const query = new URLSearchParams({ key, distinct_id: id, ...(signature ? { signature } : {}) });
  const answer = await fetch(`${host}v1/inbox?${query}`, { credentials: "omit" });
  if (!answer.ok) throw new Error(`inbox: ${answer.status}`);
  const { messages } = (await answer.json()) as { messages: Record<string, unknown>[] };
  return messages.map((each) => ({
    id: text(each.id),
    form: text(each.form),
    title: text(each.title),
    body: text(each.body),
    image: text(each.image),
    link: text(each.link),
    button: text(each.button),
    data: each.data,
    created_ms: Number(each.created_ms) || 0,
    seen_ms: typeof each.seen_ms === "number" ? each.seen_ms : null,
  }));
}

/** Tells the server what was done, also from a page that is about to close. */
export function tell([host, key, id]: Who, signature: string | undefined, act: Act, ids: string[]): void {
  if (!id || !ids.length) return;
  const body = JSON.stringify({ key, distinct_id: id, signature, act, ids });
  fetch(`${host}v1/inbox`, { method: "POST", body, credentials: "omit", keepalive: true }).catch(() => undefined);
}
