/** A random UUID; `crypto.randomUUID` is missing on plain http and in older browsers. */
export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let place = 0;
  return "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".replace(/[xy]/g, (kind) => {
    const digit = (bytes[place++ >> 1] ?? 0) >> ((place & 1) * 4) & 15;
    return (kind === "y" ? (digit & 3) | 8 : digit).toString(16);
  });
}
