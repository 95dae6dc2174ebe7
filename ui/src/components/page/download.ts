import { ownHeaders, refusalOf } from "@/api/client";

/** Fetches a file and gives it to the browser to keep. Throws the server's refusal. */
export async function download(address: string, name: string): Promise<void> {
  const answer = await fetch(address, { credentials: "same-origin", headers: ownHeaders() });
  if (!answer.ok) throw await refusalOf(answer);
  saveAs(await answer.blob(), name);
}

export function saveAs(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
