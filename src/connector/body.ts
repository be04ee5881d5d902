import { isUtf8 } from "node:buffer";
import { hash } from "node:crypto";
import { invalid } from "../errors.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

const jsonContentType = /^application\/json\s*(?:;|$)/i;

/**
 * The JSON object of a request (contract, section 1, "Body").
 * @throws Problem (invalid) for whatever is none
 */
export function readBody(contentType: string | undefined, body: Buffer | undefined): JsonObject {
  if (!contentType || !jsonContentType.test(contentType)) throw invalid("Content-Type must be application/json.");
  if (!body || body.length === 0) throw invalid("The body must not be empty; send a JSON object.");
  if (!isUtf8(body)) throw invalid("The body must be encoded in UTF-8.");
  const value = parseJson(body.toString("utf8"));
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid("The body must be a JSON object.");
  }
  return value as JsonObject;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's own message quotes the text, which may hold a token.
    const position = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined;
    throw invalid(position ? `Invalid JSON at position ${position}.` : "Invalid JSON.");
  }
}

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
