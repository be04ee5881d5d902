import assert from "node:assert/strict";
import { test } from "node:test";
import Type from "typebox";
import { commonStatuses, openApiDocument } from "../../../src/protocol/openapi.ts";
import { describeOperation } from "../../../src/protocol/operation.ts";

interface Described {
  readonly paths: Readonly<Record<string, { readonly post: { readonly parameters?: readonly { name?: string }[] } }>>;
}

/** The names of the headers that an operation is described with. */
function headersOf(options: {
  readonly isIdempotent?: boolean;
  readonly hasMinimalAnswer?: boolean;
}): (string | undefined)[] {
  const description = describeOperation({
    resource: "things",
    action: "do",
    summary: "Do it.",
    description: "It is done.",
    input: Type.Object({}),
    output: Type.Object({}),
    example: { request: {}, answer: {} },
    ...options,
  });
  const own = { name: "Own-Header", in: "header", schema: { type: "string" } };
  const api = { title: "Test", description: "", basePath: "/api", parameters: [own], statuses: commonStatuses };
  const document = openApiDocument(api, [description], "1") as unknown as Described;
  return (document.paths["/api/things/do"]?.post.parameters ?? []).map(({ name }) => name);
}

test("an operation is described with every header that it takes, however many these are", () => {
  assert.deepEqual(headersOf({}), ["Own-Header"]);
  assert.deepEqual(headersOf({ isIdempotent: true }), ["Own-Header", "Idempotency-Key"]);
  assert.deepEqual(headersOf({ hasMinimalAnswer: true }), ["Own-Header", "Prefer"]);
  assert.deepEqual(headersOf({ isIdempotent: true, hasMinimalAnswer: true }), [
    "Own-Header",
    "Idempotency-Key",
    "Prefer",
  ]);
});
