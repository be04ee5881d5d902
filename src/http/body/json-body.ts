import { isUtf8 } from "node:buffer";
import type { FastifyRequest } from "fastify";
import { invalid } from "../../core/problem.ts";
import { jsonDigest } from "./json-digest.ts";
import type { JsonObject, JsonShape } from "./json-shape.ts";

const jsonContentType = /^application\/json\s*(?:;|$)/i;

/** A body of which no more is known yet than who sends it. */
export interface OpenedBody {
  /** All of it, or of a large body only the fields that its route looks for. */
  readonly head: JsonObject;
  /**
   * Parses the rest.
   * @param undigested  the fields that do not count for the digest; `undefined` for no digest
   * @throws Problem (invalid) for what is no JSON object
   */
  read(shape: JsonShape, undigested?: readonly string[]): Promise<ReadBody>;
}

export interface ReadBody {
  /** Of a large body, only the fields of the shape. */
  readonly value: JsonObject;
  readonly digest: Uint8Array | undefined;
}

/**
 * The JSON object of a request (contract, section 1, "Body"). A small one is parsed at once; a large one only when it is
 * read, and on another thread.
 * @throws Problem (invalid) for whatever is none
 */
export function openBody(request: FastifyRequest): OpenedBody {
  const { headers, largeBody, server } = request;
  const body = request.body as Buffer | undefined;
  mustBeJson(headers["content-type"], body);
  if (!largeBody) {
    const head = parseBody(body);
    return { head, read: async (_shape, undigested) => ({ value: head, digest: digestOf(head, undigested) }) };
  }
  if (largeBody.root === "malformed") throw invalid("Invalid JSON.");
  if (largeBody.root === "other") throw notAnObject();
  return {
    head: largeBody.fields,
    read: async (shape, undigested) => {
      const { signal } = request.deadline;
      const read = await server.parseLargeJson({ bytes: body as Buffer<ArrayBuffer>, shape, undigested }, signal);
      request.freeBody?.();
      return read;
    },
  };
}

/** Parses a body at once, however large it is: for a caller who may hold up the server. @throws Problem (invalid) */
export function readBody(contentType: string | undefined, body: Buffer | undefined): JsonObject {
  mustBeJson(contentType, body);
  return parseBody(body);
}

function mustBeJson(contentType: string | undefined, body: Buffer | undefined): asserts body is Buffer {
  if (!contentType || !jsonContentType.test(contentType)) throw invalid("Content-Type must be application/json.");
  if (!body || body.length === 0) throw invalid("The body must not be empty; send a JSON object.");
}

/** @throws Problem (invalid) for bytes that are no JSON object in UTF-8 */
export function parseBody(body: Buffer): JsonObject {
  if (!isUtf8(body)) throw invalid("The body must be encoded in UTF-8.");
  const value = parseJson(body.toString("utf8"));
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw notAnObject();
  return value as JsonObject;
}

/** @throws Problem (invalid) when the body is nested too deeply to be compared */
export function digestOf(value: JsonObject, undigested: readonly string[] | undefined) {
  try {
    return undigested && jsonDigest(value, undigested);
  } catch (error) {
    if (error instanceof RangeError) throw invalid("The body is nested too deeply to be used with Idempotency-Key.");
    throw error;
  }
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

function notAnObject() {
  return invalid("The body must be a JSON object.");
}
