import assert from "node:assert/strict";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { connectorOperations } from "../../src/api/connector/operations.ts";
import { sandboxOperations } from "../../src/api/sandbox/control.ts";
import { staffOperations } from "../../src/api/staff/operations.ts";
import { connectorBasePath } from "../../src/protocol/connector/connector-api.ts";
import { pathOf } from "../../src/protocol/openapi.ts";
import { sandboxApi } from "../../src/protocol/sandbox/sandbox-api.ts";
import { staffApi } from "../../src/protocol/staff/staff-api.ts";
import { demoTokens } from "../../src/sandbox/demo/demo-world.ts";
import { livePath as sandboxLivePath } from "../../src/sandbox/traffic/live.ts";
import { livePath } from "../../src/staff/live/live.ts";
import { startTestSandbox } from "../support/sandbox/sandbox-server.ts";
import { startSandbox } from "../support/server/server.ts";

interface Described {
  readonly openapi: string;
  readonly paths: Readonly<
    Record<
      string,
      { post?: { requestBody: Content; responses: Readonly<Record<string, Content & { $ref?: string }>> } }
    >
  >;
}

interface Content {
  readonly content: { readonly "application/json": { readonly schema: object; readonly example: object } };
}

const documents = [
  {
    api: "Connector API",
    address: "/openapi.json",
    paths: connectorOperations.map(({ description }) => pathOf({ basePath: connectorBasePath }, description)),
  },
  {
    api: "staff API",
    address: "/openapi-staff.json",
    paths: [...staffOperations.map(({ description }) => pathOf(staffApi, description)), livePath],
  },
  {
    api: "sandbox API",
    address: "/openapi-sandbox.json",
    paths: [
      ...sandboxOperations.map(({ description }) => pathOf(sandboxApi, description)),
      sandboxLivePath,
      "/sandbox/v1/export",
    ],
  },
];

for (const { api, address, paths } of documents) {
  test(`every operation of the ${api} is described with an example that its own schemas accept`, async (t) => {
    const { url } = await startTestSandbox(t);
    const document = (await (await fetch(`${url}${address}`)).json()) as Described;
    assert.equal(document.openapi, "3.1.0");
    assert.deepEqual(Object.keys(document.paths).sort(), paths.toSorted());

    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    ajv.addSchema(document, "innbox");
    for (const [path, { post }] of Object.entries(document.paths)) {
      // A stream is asked for without a body.
      if (!post) continue;
      const pointer = `innbox#/paths/${path.replaceAll("/", "~1")}/post`;
      const json = "content/application~1json/schema";
      const { example } = post.requestBody.content["application/json"];
      assert.ok(ajv.validate({ $ref: `${pointer}/requestBody/${json}` }, example), `${path}: ${ajv.errorsText()}`);
      const answer = post.responses["200"]?.content["application/json"].example;
      assert.ok(ajv.validate({ $ref: `${pointer}/responses/200/${json}` }, answer), `${path}: ${ajv.errorsText()}`);
    }
  });
}

test("the sandbox fills its public tokens into every example, and each example answers 200", async (t) => {
  const { url, send } = await startSandbox(t);
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as Described;
  for (const [path, { post }] of Object.entries(document.paths)) {
    const example = post?.requestBody.content["application/json"].example ?? assert.fail(path);
    assert.partialDeepStrictEqual(example, demoTokens);
    const { status, text } = await send(path.replace("/api/connector/v1/", ""), JSON.stringify(example));
    assert.equal(status, 200, `${path}: ${text}`);
  }
});
