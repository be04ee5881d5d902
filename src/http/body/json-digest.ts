import { hash } from "node:crypto";
import type { JsonObject } from "./json-shape.ts";

/**
 * SHA-256 of a JSON object without some of its fields: equal for objects that are equal as parsed (contract, section 5,
 * "Idempotency").
 * @throws RangeError when it is nested too deeply to be compared
 */
export function jsonDigest(value: JsonObject, without: readonly string[]): Uint8Array<ArrayBuffer> {
  const compared = Object.entries(value).filter(([name]) => !without.includes(name));
  const digest = hash("sha256", JSON.stringify(Object.fromEntries(compared), withSortedKeys), "buffer");
  return new Uint8Array(digest);
}

function withSortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
