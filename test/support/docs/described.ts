import assert from "node:assert/strict";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { connectorOperations } from "../../../src/api/connector/operations.ts";
import { connectorApi } from "../../../src/protocol/connector/connector-api.ts";
import { openApiDocument } from "../../../src/protocol/openapi.ts";
import type { Answer, AnswerBody } from "../server/answer.ts";

/**
 * Holds answers against the generated description, both ways: nothing that it does not name, and nothing missing that
 * it names. `Cursor` alone depends on the request.
 */
const descriptions = connectorOperations.map(({ description }) => description);
const api = connectorApi({ ClientToken: "", AccessToken: "", Client: "" });
const document = openApiDocument(api, descriptions, "test");

type Json = Readonly<Record<string, unknown>>;

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
const dependsOnRequest = ["Cursor"];
ajv.addSchema(closed(document) as Json, "innbox");

const validators = new Map<string, ValidateFunction>();

/** Compiled once for all answers. */
function validatorOf($ref: string): ValidateFunction {
  const known = validators.get($ref) ?? ajv.compile({ $ref });
  validators.set($ref, known);
  return known;
}

function hold(what: string, $ref: string, body: unknown, text: string): void {
  const validate = validatorOf($ref);
  assert.ok(validate(body), `${what}: ${ajv.errorsText(validate.errors)}\n${text}`);
}

/** Every object of the description forbids what it does not name and requires what it names. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== "object" || value === null) return value;
  const copy: Json = Object.fromEntries(Object.entries(value).map(([key, child]) => [key, closed(child)]));
  if (typeof copy.properties !== "object" || copy.properties === null || copy.type !== "object") return copy;
  const required = Object.keys(copy.properties).filter((name) => !dependsOnRequest.includes(name));
  return { ...copy, additionalProperties: false, required };
}

/** @throws AssertionError for an answer that is not as the description and section 2 of the contract say */
export function checkAnswer(operation: string, status: number, headers: Headers, text: string): Answer {
  const requestId = headers.get("Request-Id");
  assert.match(requestId ?? "", /^[0-9a-f-]{36}$/, "every answer has a Request-Id");
  if (status === 204) {
    assert.equal(text, "");
    assert.equal(headers.get("Content-Type"), null);
    return { status, headers, text, body: {} as AnswerBody };
  }
  assert.equal(headers.get("Content-Type"), "application/json; charset=utf-8");
  const body = JSON.parse(text) as AnswerBody;
  const schema = schemaOf(operation, status);
  if (schema) hold(`${operation} ${status}`, schema, body, text);
  if (status !== 200) assert.equal(body.RequestId, requestId);
  return { status, headers, text, body };
}

/** The same for what the server sends by itself, by the name of its schema. */
export function checkSent<T>(name: string, text: string): T {
  const body = JSON.parse(text) as T;
  hold(name, `innbox#/components/schemas/${name}`, body, text);
  return body;
}

function schemaOf(operation: string, status: number): string | undefined {
  if (status !== 200) {
    const isDocumented = status === 404 || Object.hasOwn(responses(operation) ?? {}, status);
    assert.ok(isDocumented, `${operation} answered ${status}, which is not documented`);
    return "innbox#/components/schemas/Error";
  }
  if (!responses(operation)) return undefined;
  const path = `/api/connector/v1/${operation}`.replaceAll("~", "~0").replaceAll("/", "~1");
  return `innbox#/paths/${path}/post/responses/200/content/application~1json/schema`;
}

function responses(operation: string): Json | undefined {
  const paths = document.paths as Record<string, { post: { responses: Json } }>;
  return paths[`/api/connector/v1/${operation}`]?.post.responses;
}
