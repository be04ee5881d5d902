import { isUtf8 } from "node:buffer";
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
