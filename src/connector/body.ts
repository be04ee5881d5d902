import { hash } from "node:crypto";
import { invalid } from "../errors.ts";
import type { JsonObject } from "../http/json-body.ts";

/**
 * SHA-256 of what a request asks for: equal for bodies that are equal as parsed, without the tokens and `Client`
 * (contract, section 5, "Idempotency").
 * @throws Problem (invalid) when the body is nested too deeply to be compared
 */
export function bodyDigest({ ClientToken, AccessToken, Client, ...asked }: JsonObject): Uint8Array {
  try {
    return hash("sha256", JSON.stringify(asked, withSortedKeys), "buffer");
  } catch (error) {
    if (error instanceof RangeError) throw invalid("The body is nested too deeply to be used with Idempotency-Key.");
    throw error;
  }
}

function withSortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
