const kinds = {
  client: "c",
  enterprise: "e",
  integration: "a",
  endpoint: "9",
  delivery: "d",
  thread: "7",
  message: "5",
  user: "b",
  session: "4",
  reply: "6",
};

/** The id of a sample by its number, from 0. */
export function sampleId(kind: keyof typeof kinds, number: number): string {
  return `${kinds[kind]}0000000-0000-7000-8000-${number.toString(16).padStart(12, "0")}`;
}

/** The digest of a sample's token. */
export function sampleDigest(
  kind: "client" | "integration" | "session" | "link" | "device" | "throttle",
  number: number,
): Uint8Array {
  return Buffer.from(`${kind} ${number}`);
}

export const second = 1_000_000;

/** When everything began, in microseconds since 1970. */
export const sampleStart = Date.UTC(2026, 0, 1) * 1000;

/** When the sample with a number was made. */
export function sampleTime(number: number): number {
  return sampleStart + number * 500 * second;
}
