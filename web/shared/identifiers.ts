/** A new UUID, version 4. */
export function newIdentifier(): string {
  // Browsers offer randomUUID on secure pages only, and in a hotel's own network the page may come over plain HTTP.
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [0, 8, 12, 16, 20].map((start, index, all) => digits.slice(start, all[index + 1])).join("-");
}
