import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { demoTokens } from "../../../src/sandbox/demo/demo-world.ts";
import { checkOutcome, sharedSandbox, startSandbox } from "../../support/server/server.ts";
import { credentials, johnDoe, published, publishedAt, publishedPage } from "../../support/server/world.ts";

const sandbox = sharedSandbox();

const valid = JSON.stringify({ ...credentials, MessageThreadIds: [published] });

/** Sends what `fetch` would tidy up first: any path and method, and no header that is not given. */
async function ask(url: string, method: string, path: string, headers: Record<string, string>, body = "") {
  const { port } = new URL(url);
  const asked = request({ host: "127.0.0.1", port, method, path, headers });
  asked.end(body);
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, text: await text(answer) };
}

const otherAddresses: [name: string, path: string][] = [
  ["a trailing slash", "/api/connector/v1/messageThreads/getAll/"],
  ["another letter case", "/api/connector/v1/messagethreads/getall"],
  ["a doubled slash", "/api/connector/v1//messageThreads/getAll"],
  ["percent-encoding", "/api/connector/v1/messageThreads/%67etAll"],
  ["percent-encoding of a slash", "/api/connector/v1/messageThreads%2FgetAll"],
  ["broken percent-encoding", "/api/connector/v1/messageThreads/getAll%zz"],
  ["dots", "/api/connector/v1/./messageThreads/getAll"],
  ["dots that climb", "/api/connector/v1/messages/../messageThreads/getAll"],
  ["a parameter after a semicolon", "/api/connector/v1/messageThreads/getAll;a=b"],
  ["another version", "/api/connector/v2/messageThreads/getAll"],
  ["an action that does not exist", "/api/connector/v1/messageThreads/delete"],
  ["no action", "/api/connector/v1/messageThreads"],
  ["a very long path", `/api/connector/v1/${"a".repeat(4000)}`],
];

for (const [name, path] of otherAddresses) {
  test(`an address with ${name} is not found`, async () => {
    const { url } = await sandbox();
    const answer = await ask(url, "POST", path, { "Content-Type": "application/json" }, valid);
    assert.equal(answer.status, 404, answer.text);
    checkEnvelope(answer);
  });
}

for (const method of ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "QUERY"]) {
  test(`${method} on an operation is not found`, async () => {
    const { url } = await sandbox();
    const answer = await ask(url, method, "/api/connector/v1/messageThreads/getAll", {});
    assert.equal(answer.status, 404, answer.text);
    checkEnvelope(answer);
  });
}

test("nothing of a request is looked at where there is no operation", async (t) => {
  const { url } = await startSandbox(t, { "body-limit": "1024" });
  const unreadable = { "Content-Type": "no media type" };
  const operation = "/api/connector/v1/messageThreads/getAll";
  for (const [method, path, headers, body] of [
    ["PUT", operation, unreadable, valid],
    ["POST", "/nowhere", unreadable, valid],
    ["POST", "/nowhere", { "Content-Type": "application/json" }, " ".repeat(1025)],
  ] as const) {
    const answer = await ask(url, method, path, headers, body);
    assert.equal(answer.status, 404, answer.text);
    checkEnvelope(answer);
  }
});

test("HEAD on an operation is not found, without a body", async () => {
  const { url } = await sandbox();
  const answer = await ask(url, "HEAD", "/api/connector/v1/messageThreads/getAll", {});
  assert.equal(answer.status, 404);
  assert.equal(answer.text, "");
  assert.match(String(answer.headers["request-id"]), /^[0-9a-f-]{36}$/);
});

function checkEnvelope({ headers, text }: Awaited<ReturnType<typeof ask>>): void {
  const body = JSON.parse(text) as { Message: unknown; RequestId: unknown };
  assert.deepEqual(Object.keys(body).slice(0, 2), ["Message", "RequestId"]);
  assert.equal(typeof body.Message, "string");
  assert.match(String(headers["request-id"]), /^[0-9a-f-]{36}$/);
  assert.equal(body.RequestId, headers["request-id"]);
  assert.equal(headers["content-type"], "application/json; charset=utf-8");
}

for (const query of ["?", "?version=2", "?ClientToken=x&ClientToken=y", "?%zz", "?/api"]) {
  test(`the query string ${query} is ignored`, async () => {
    const { send } = await sandbox();
    const path = `messageThreads/getAll${query}`;
    const { status, body } = await send(path, valid);
    assert.equal(status, 200);
    assert.equal(body.MessageThreads[0]?.Id, published);
  });
}

const contentTypes: [contentType: string | undefined, status: number][] = [
  ["application/json", 200],
  ["application/json; charset=utf-8", 200],
  ["application/json;charset=UTF-8", 200],
  ['Application/JSON; charset="utf-8"', 200],
  [undefined, 400],
  ["", 400],
  ["nonsense", 400],
  ["text/plain", 400],
  ["text/json", 400],
  ["application/jsonx", 400],
  ["application/json-patch+json", 400],
  ["application/vnd.api+json", 400],
  ["application/x-www-form-urlencoded", 400],
  ["text/plain; a=application/json", 400],
];

for (const [contentType, status] of contentTypes) {
  test(`the content type ${contentType ?? "that is not there"} is ${status === 200 ? "fine" : "refused"}`, async () => {
    const { url } = await sandbox();
    const headers = contentType === undefined ? {} : { "Content-Type": contentType };
    const answer = await ask(url, "POST", "/api/connector/v1/messageThreads/getAll", headers, valid);
    assert.equal(answer.status, status, answer.text);
    if (status !== 200) checkEnvelope(answer);
  });
}

const unreadable: [name: string, body: string | Uint8Array<ArrayBuffer> | null, message: RegExp][] = [
  ["no body", null, /^The body must not be empty/],
  ["an empty body", "", /^The body must not be empty/],
  ["white space", " \n", /^Invalid JSON/],
  ["half an object", valid.slice(0, -1), /^Invalid JSON/],
  ["a trailing comma", `${valid.slice(0, -1)},}`, /^Invalid JSON/],
  ["two objects", valid + valid, /^Invalid JSON/],
  ["a comment", `${valid} // done`, /^Invalid JSON/],
  ["single quotes", valid.replaceAll('"', "'"), /^Invalid JSON/],
  ["NaN", valid.replace(`["${published}"]`, "NaN"), /^Invalid JSON/],
  ["a line break within a string", valid.replace("Test", "Te\nst"), /^Invalid JSON/],
  ["an array", `[${valid}]`, /^The body must be a JSON object/],
  ["a string", '"body"', /^The body must be a JSON object/],
  ["a number", "1", /^The body must be a JSON object/],
  ["true", "true", /^The body must be a JSON object/],
  ["null", "null", /^The body must be a JSON object/],
  ["a byte that is not UTF-8", Uint8Array.from(Buffer.from(valid.replace("Test", "T\u00ebst"), "latin1")), /UTF-8/],
  ["an overlong form", Uint8Array.from([...Buffer.from('{"a":"'), 0xc0, 0xaf, ...Buffer.from('"}')]), /UTF-8/],
  ["an encoded surrogate", Uint8Array.from([...Buffer.from('{"a":"'), 0xed, 0xa0, 0x80, 0x22, 0x7d]), /UTF-8/],
  ["UTF-16", Uint8Array.from(Buffer.from(`\ufeff${valid}`, "utf16le")), /UTF-8/],
];

for (const [name, body, message] of unreadable) {
  test(`a body of ${name} is refused`, async () => {
    const { send } = await sandbox();
    const answer = await send("messageThreads/getAll", body);
    assert.equal(answer.status, 400);
    assert.match(answer.body.Message, message);
    assert.ok(!answer.text.includes(demoTokens.AccessToken.slice(0, 8)), "the answer quotes nothing of the body");
  });
}

test("a body may be as large as the limit and not one byte larger", async (t) => {
  const { send } = await startSandbox(t, { "body-limit": "1024" });
  const largest = valid.padEnd(1024, " ");
  assert.equal((await send("messageThreads/getAll", largest)).status, 200);
  assert.equal((await send("messageThreads/getAll", `${largest} `)).status, 413);
});

const properties: [name: string, operation: string, properties: object, answer: number | RegExp][] = [
  ["LanguageCode and CultureCode are accepted", "configuration/get", { LanguageCode: "en", CultureCode: "en-US" }, 200],
  ["LanguageCode and CultureCode may be null", "configuration/get", { LanguageCode: null, CultureCode: null }, 200],
  ["LanguageCode must be a string", "configuration/get", { LanguageCode: 5 }, /^LanguageCode must be a string/],
  ["CultureCode must be a string", "enterprises/getAll", { CultureCode: ["cs"] }, /^CultureCode must be a string/],
  ["CultureCode must not be an object", "configuration/get", { CultureCode: {} }, /^CultureCode must be a string/],
  [
    "null means absent in a list of threads",
    "messageThreads/getAll",
    { MessageThreadIds: [published], CreatedUtc: null, UpdatedUtc: null, EnterpriseIds: null, Limitation: null },
    200,
  ],
  [
    "null means absent where a filter is required",
    "messageThreads/getAll",
    { MessageThreadIds: null, CreatedUtc: null, UpdatedUtc: null },
    /^At least one of /,
  ],
  [
    "null means absent in a list of messages",
    "messages/getAll",
    { MessageThreadIds: [published], MessageIds: null, CreatedUtc: null, EnterpriseIds: null },
    200,
  ],
  ["null means absent in a page", "messageThreads/getAll", publishedPage({ Count: 1, Cursor: null }), 200],
  ["null means absent for a new thread", "messageThreads/add", { ...johnDoe, EnterpriseId: null }, 200],
  ["null means absent for the configuration", "configuration/get", { EnterpriseId: null }, 200],
  [
    "null means absent in a list of enterprises",
    "enterprises/getAll",
    { EnterpriseIds: null, ExternalIdentifiers: null, LinkedUtc: null, UpdatedUtc: null, Limitation: null },
    200,
  ],
  ["null is not a subject", "messageThreads/add", { ...johnDoe, Subject: null }, /^Subject must be a string/],
  ["null is not a list of messages", "messages/add", { Messages: null }, /^Messages must be an array/],
  [
    "null is not the end of an interval",
    "messageThreads/getAll",
    { CreatedUtc: { StartUtc: publishedAt, EndUtc: null } },
    /^CreatedUtc.EndUtc /,
  ],
  ["unknown properties are ignored", "messageThreads/add", { ...johnDoe, Reservation: { Id: 5 }, "": null }, 200],
  ["unknown properties of a page are ignored", "messageThreads/getAll", publishedPage({ Count: 1, Offset: -5 }), 200],
  [
    "unknown properties of an interval are ignored",
    "messageThreads/getAll",
    { CreatedUtc: { StartUtc: publishedAt, EndUtc: publishedAt, Zone: 1 } },
    200,
  ],
  [
    "unknown properties of a message are ignored",
    "messages/add",
    { Messages: [{ MessageThreadId: published, Text: "Hello", Attachments: [1] }] },
    200,
  ],
  [
    "property names are case-sensitive",
    "messageThreads/getAll",
    { messageThreadIds: [published] },
    /^At least one of /,
  ],
  [
    "required names are case-sensitive",
    "messageThreads/add",
    { ...johnDoe, Subject: undefined, subject: "a" },
    /^Subj/,
  ],
  ["a misspelt property is not even validated", "messageThreads/add", { ...johnDoe, enterpriseId: 5 }, 200],
];

for (const [name, operation, asked, answer] of properties) {
  test(name, async () => {
    const { call } = await sandbox();
    checkOutcome(await call(operation, asked), answer);
  });
}
