import { ApiError, ownHeaders } from "@/api/client";
import type { Schemas } from "@/api/types";

type Uploaded = Schemas["UploadOutput"];

interface Sending {
  done: Promise<Uploaded>;
  stop: () => void;
}

/** Sends a file, telling how far it is; fetch cannot tell. */
export function upload(projectId: string, file: File, tell: (share: number) => void): Sending {
  const request = new XMLHttpRequest();
  const done = new Promise<Uploaded>((resolve, reject) => {
    request.open("POST", `/api/projects/${projectId}/imports/uploads?name=${encodeURIComponent(file.name)}`);
    for (const [name, value] of Object.entries({ ...ownHeaders(), "content-type": "application/octet-stream" })) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => event.lengthComputable && tell(event.loaded / event.total));
    request.addEventListener("load", () => (request.status === 201 ? resolve(JSON.parse(request.responseText) as Uploaded) : reject(refusal(request))));
    request.addEventListener("error", () => reject(new Error("network")));
    request.addEventListener("abort", () => reject(new Stopped()));
    request.send(file);
  });
  return { done, stop: () => request.abort() };
}

/** The reader stopped the upload. */
export class Stopped extends Error {}

function refusal(request: XMLHttpRequest): ApiError {
  try {
    const { error } = JSON.parse(request.responseText) as { error: { code: string; message: string; path: string | null; hint: string | null } };
    return new ApiError(request.status, error.code, error.message, error.path, error.hint);
  } catch {
    return new ApiError(request.status, "unreadable", `${request.status} ${request.statusText}`);
  }
}
