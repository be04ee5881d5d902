import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { demoTokens } from "../src/sandbox/demo-world.ts";
import {
  changeDirectory,
  enableClient,
  enableEnterprise,
  enableIntegration,
  listClients,
  listIntegrations,
  rotateToken,
} from "../src/store/directory.ts";
import { tokenDigest } from "../src/tokens.ts";
import { type Answer, startSandbox, type TestServer } from "./support/server.ts";

const gross = "851df8c8-90f2-4c4a-8e01-a4fc46b25178";
const published = "7f9325f6-ef44-4911-89a8-ae51010a5aa4";
const publishedAt = "2022-03-07T16:09:45Z";
const johnDoe = { OriginalSender: "John Doe", Subject: "Example subject" };
const valid = JSON.stringify({ ...demoTokens, Client: "Test 1.0.0", MessageThreadIds: [published] });

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
  test(`an address with ${name} is not found`, async (t) => {
    const { url } = await startSandbox(t);
    const answer = await ask(url, "POST", path, { "Content-Type": "application/json" }, valid);
    assert.equal(answer.status, 404, answer.text);
    checkEnvelope(answer);
  });
}

for (const method of ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "QUERY"]) {
  test(`${method} on an operation is not found`, async (t) => {
    const { url } = await startSandbox(t);
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

test("HEAD on an operation is not found, without a body", async (t) => {
  const { url } = await startSandbox(t);
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
  test(`the query string ${query} is ignored`, async (t) => {
    const { send } = await startSandbox(t);
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
  test(`the content type ${contentType ?? "that is not there"} is ${status === 200 ? "fine" : "refused"}`, async (t) => {
    const { url } = await startSandbox(t);
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
  test(`a body of ${name} is refused`, async (t) => {
    const { send } = await startSandbox(t);
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

const noToken = [undefined, null, "", " \t\n", 1, true, [], {}, ["a"]];

for (const property of ["ClientToken", "AccessToken", "Client"]) {
  for (const value of noToken) {
    test(`${property} must not be ${value === undefined ? "absent" : JSON.stringify(value)}`, async (t) => {
      const { send } = await startSandbox(t);
      const others = { ClientToken: "unknown", AccessToken: "unknown", Client: "Test 1.0.0" };
      const answer = await send("messageThreads/getAll", JSON.stringify({ ...others, [property]: value }));
      assert.equal(answer.status, 400);
      assert.match(answer.body.Message, new RegExp(`^${property} `));
    });
  }
}

const client2AtGross = "CC150C355D6A4048A220AD20015483AB-B6D09C0C84B09538077CB8FFBB907B4";
const strangers: [name: string, tokens: { ClientToken: string; AccessToken: string }][] = [
  ["an unknown client token", { ...demoTokens, ClientToken: "unknown" }],
  ["an unknown access token", { ...demoTokens, AccessToken: "unknown" }],
  ["an access token of another client", { ...demoTokens, AccessToken: client2AtGross }],
  ["a client token in place of the access token", { ...demoTokens, AccessToken: demoTokens.ClientToken }],
  ["tokens in another letter case", { ...demoTokens, AccessToken: demoTokens.AccessToken.toLowerCase() }],
  ["white space around a token", { ...demoTokens, AccessToken: ` ${demoTokens.AccessToken}` }],
];

for (const [name, tokens] of strangers) {
  test(`${name} opens nothing, and nothing is learned from validation`, async (t) => {
    const { call } = await startSandbox(t);
    const answers = [
      await call("messageThreads/getAll", { MessageThreadIds: [published] }, { tokens }),
      await call("messageThreads/getAll", { MessageThreadIds: ["malformed"], LanguageCode: 5 }, { tokens }),
      await call("messageThreads/add", {}, { tokens, headers: { "Idempotency-Key": "" } }),
      await call("configuration/get", { EnterpriseId: gross }, { tokens }),
    ];
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [401]);
    assert.equal(new Set(answers.map(({ body }) => body.Message)).size, 1);
    for (const secret of Object.values(tokens)) assert.ok(answers.every(({ text }) => !text.includes(secret)));
  });
}

const disabling: [name: string, disable: (server: TestServer) => Promise<void>][] = [
  [
    "client",
    async ({ app }) => {
      for (const { id } of await listClients(app.store.db)) {
        await changeDirectory(app.store.db, (transaction) => enableClient(transaction, id, false));
      }
    },
  ],
  [
    "integration",
    async ({ app }) => {
      for (const { id } of await listIntegrations(app.store.db, 0)) {
        await changeDirectory(app.store.db, (transaction) => enableIntegration(transaction, id, false));
      }
    },
  ],
  [
    "enterprise",
    ({ app }) => changeDirectory(app.store.db, (transaction) => enableEnterprise(transaction, gross, false, 0)),
  ],
];

for (const [name, disable] of disabling) {
  test(`a disabled ${name} is unauthenticated from the next request on`, async (t) => {
    const server = await startSandbox(t);
    assert.equal((await server.call("configuration/get")).status, 200);
    await disable(server);
    assert.equal((await server.call("configuration/get")).status, 401);
  });
}

test("a rotated access token opens until its set expiry, and the new one at once", async (t) => {
  let now = Date.UTC(2026, 0, 1) * 1000;
  const { app, call } = await startSandbox(t, {}, { clock: () => now });
  const integrations = await listIntegrations(app.store.db, now);
  const portfolio = integrations.find(({ enterprises }) => enterprises === 3);
  assert.ok(portfolio);
  const expiry = now + 60_000_000;
  await changeDirectory(app.store.db, (transaction) =>
    rotateToken(transaction, portfolio.id, tokenDigest("new"), now, expiry),
  );
  const withNew = { tokens: { ...demoTokens, AccessToken: "new" } };
  now = expiry - 1;
  assert.equal((await call("configuration/get")).status, 200);
  assert.equal((await call("configuration/get", {}, withNew)).status, 200);
  now = expiry;
  assert.equal((await call("configuration/get")).status, 401);
  assert.equal((await call("configuration/get", {}, withNew)).status, 200);
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
  ["null means absent in a page", "messageThreads/getAll", page({ Count: 1, Cursor: null }), 200],
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
  ["null is not the end of an interval", "messageThreads/getAll", at(publishedAt, null), /^CreatedUtc.EndUtc /],
  ["unknown properties are ignored", "messageThreads/add", { ...johnDoe, Reservation: { Id: 5 }, "": null }, 200],
  ["unknown properties of a page are ignored", "messageThreads/getAll", page({ Count: 1, Offset: -5 }), 200],
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

function page(limitation: object): object {
  return { MessageThreadIds: [published], Limitation: limitation };
}

function at(StartUtc: string | null, EndUtc: string | null): object {
  return { CreatedUtc: { StartUtc, EndUtc } };
}

for (const [name, operation, asked, answer] of properties) {
  test(name, async (t) => {
    const { call } = await startSandbox(t);
    check(await call(operation, asked), answer);
  });
}

function check({ status, body, text }: Answer, answer: number | RegExp): void {
  assert.equal(status, typeof answer === "number" ? answer : 400, text);
  if (typeof answer !== "number") assert.match(body.Message, answer);
}

test("property names of credentials are case-sensitive", async (t) => {
  const { send } = await startSandbox(t);
  const answer = await send("configuration/get", valid.replace('"ClientToken"', '"clientToken"'));
  assert.equal(answer.status, 400);
  assert.match(answer.body.Message, /^ClientToken is required/);
});

const malformed: [name: string, id: unknown][] = [
  ["without hyphens", published.replaceAll("-", "")],
  ["in braces", `{${published}}`],
  ["with a prefix", `urn:uuid:${published}`],
  ["too short", published.slice(1)],
  ["too long", `${published}0`],
  ["with a letter that is no digit", `g${published.slice(1)}`],
  ["with hyphens elsewhere", "7f9325f6e-f44-4911-89a8-ae51010a5aa4"],
  ["with white space", ` ${published}`],
  ["with a line break at its end", `${published}\n`],
  ["in full-width digits", published.replace("7", "\uff17")],
  ["that is empty", ""],
  ["that is null", null],
  ["that is a number", 7],
  ["that is an array", [published]],
];

for (const [name, id] of malformed) {
  test(`an identifier ${name} is refused by its index`, async (t) => {
    const { call } = await startSandbox(t);
    const MessageThreadIds = [...new Array<string>(5).fill(published), id];
    check(await call("messageThreads/getAll", { MessageThreadIds }), /^MessageThreadIds\[5\] must be /);
  });
}

const identifiers: [property: RegExp, operation: string, properties: object][] = [
  [/^EnterpriseIds\[1\] /, "messageThreads/getAll", { MessageThreadIds: [published], EnterpriseIds: [gross, "x"] }],
  [/^MessageThreadIds\[0\] /, "messages/getAll", { MessageThreadIds: ["x"] }],
  [/^MessageIds\[2\] /, "messages/getAll", { MessageIds: [published, published, "x"] }],
  [
    /^Messages\[1\]\.MessageThreadId /,
    "messages/add",
    { Messages: [published, "x"].map((MessageThreadId) => ({ MessageThreadId, Text: "a" })) },
  ],
  [/^Limitation\.Cursor /, "messageThreads/getAll", page({ Count: 1, Cursor: "x" })],
  [/^EnterpriseId /, "messageThreads/add", { ...johnDoe, EnterpriseId: "x" }],
  [/^EnterpriseId /, "configuration/get", { EnterpriseId: "" }],
  [/^EnterpriseIds\[0\] /, "enterprises/getAll", { EnterpriseIds: ["x"] }],
];

for (const [property, operation, asked] of identifiers) {
  test(`a malformed identifier of ${operation} is named as ${property.source}`, async (t) => {
    const { call } = await startSandbox(t);
    check(await call(operation, asked), property);
  });
}

test("identifiers are accepted in any letter case and answered in lower case", async (t) => {
  const { call } = await startSandbox(t);
  const upper = published.toUpperCase();
  const inUpper = { MessageThreadIds: [upper], EnterpriseIds: ["3FA85F64-5717-4562-B3FC-2C963F66AFA6"] };
  const threads = await call("messageThreads/getAll", { ...inUpper, Limitation: { Count: 1 } });
  assert.equal(threads.body.MessageThreads[0]?.Id, published);
  assert.equal(threads.body.Cursor, published);
  const next = await call("messageThreads/getAll", { ...inUpper, Limitation: { Count: 1, Cursor: upper } });
  assert.deepEqual(next.body.MessageThreads, []);

  const added = await call("messages/add", { Messages: [{ MessageThreadId: upper, Text: "Hello" }] });
  const message = added.body.Messages[0]?.Message;
  assert.ok(message);
  assert.equal(message.MessageThreadId, published);
  assert.equal(message.Id, message.Id.toLowerCase());
  const messages = await call("messages/getAll", { ...inUpper, MessageIds: [message.Id.toUpperCase()] });
  assert.deepEqual(messages.body.Messages, [message]);

  const { body } = await call("configuration/get", { EnterpriseId: gross.toUpperCase() });
  assert.equal(body.Enterprise.Id, gross);
});

/** Each is the moment of the published thread, so that an interval of it alone finds just that thread. */
const sameMoment = [
  "2022-03-07T16:09:45Z",
  "2022-03-07t16:09:45z",
  "2022-03-07T16:09:45",
  "2022-03-07T16:09:45.0Z",
  "2022-03-07T16:09:45.000",
  "2022-03-07T16:09:45.0000000Z",
  "2022-03-07T16:09:45+00:00",
  "2022-03-07T16:09:45-00:00",
  "2022-03-07T17:09:45+01:00",
  "2022-03-07T21:54:45.00+05:45",
  "2022-03-07T12:39:45-03:30",
  "2022-03-08T06:09:45+14:00",
  "2022-03-06T16:10:45-23:59",
];

for (const text of sameMoment) {
  test(`the date-time ${text} is understood`, async (t) => {
    const { call } = await startSandbox(t);
    const { status, body } = await call("messageThreads/getAll", at(text, text));
    assert.equal(status, 200);
    assert.deepEqual(
      body.MessageThreads.map(({ Id, CreatedUtc }) => [Id, CreatedUtc]),
      [[published, publishedAt]],
    );
  });
}

const otherMoments: [name: string, interval: object, answer: "found" | "not found" | RegExp][] = [
  ["a second lies before its fraction", at("2022-03-07T16:09:45.000000001Z", "2022-03-07T16:09:46Z"), "not found"],
  ["a fraction after a second includes it", at("2022-03-07T16:09:44.9Z", "2022-03-07T16:09:45.1Z"), "found"],
  ["an end at the second leaves it out", at("2022-03-07T16:09:44.9Z", "2022-03-07T16:09:45Z"), "not found"],
  ["no item equals a fraction", at("2022-03-07T16:09:45.5Z", "2022-03-07T16:09:45.50Z"), "not found"],
  ["fractions are compared", at("2022-03-07T16:09:45.51Z", "2022-03-07T16:09:45.5Z"), /^CreatedUtc\.StartUtc must not/],
  ["fractions are compared by value", at("2022-03-07T16:09:45.09Z", "2022-03-07T16:09:45.1Z"), "not found"],
  ["offsets are compared by moment", at("2022-03-07T18:00:00+02:00", "2022-03-07T17:00:00Z"), "found"],
  ["a leap day exists in its year", at("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"), "not found"],
  ["a leap day exists in a leap century", at("2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z"), "not found"],
  ["the first year is a year", at("0001-01-01T00:00:00Z", "0001-01-02T00:00:00Z"), "not found"],
  ["the last year is a year", at("9999-12-31T23:59:58Z", "9999-12-31T23:59:59Z"), "not found"],
];

for (const [name, interval, answer] of otherMoments) {
  test(`date-times: ${name}`, async (t) => {
    const { call } = await startSandbox(t);
    const listed = await call("messageThreads/getAll", interval);
    check(listed, answer instanceof RegExp ? answer : 200);
    const ids = listed.status === 200 ? listed.body.MessageThreads.map(({ Id }) => Id) : [];
    assert.deepEqual(ids, answer === "found" ? [published] : []);
  });
}

const noDateTimes: unknown[] = [
  ...["2022-03-07", "2022-03", "2022", "16:09:45Z", "20220307T160945Z", "2022-03-07T16:09Z", "2022-03-07T16Z"],
  ...["2022-03-07 16:09:45Z", "2022-066T16:09:45Z", "2022-W10-1T16:09:45Z", "07/03/2022 16:09:45", "1646669385", ""],
  ...["2022-02-30T00:00:00Z", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2022-04-31T00:00:00Z"],
  ...["2022-00-01T00:00:00Z", "2022-13-01T00:00:00Z", "2022-01-00T00:00:00Z", "2022-01-32T00:00:00Z"],
  ...["2022-03-07T24:00:00Z", "2022-03-07T25:00:00Z", "2022-03-07T16:60:00Z", "2022-03-07T16:09:60Z"],
  ...["2022-03-07T16:09:45.Z", "2022-03-07T16:09:45ZZ", "2022-03-07T16:09:45 Z", "2022-03-07T16:09:45X"],
  ...["2022-03-07T16:09:45+01", "2022-03-07T16:09:45+0100", "2022-03-07T16:09:45+24:00", "2022-03-07T16:09:45+01:60"],
  ...[
    "2022-03-07T16:09:45Z+01:00",
    "2022-03-07T16:09:45\u221201:00",
    "2022-03-07T16:09:45Z\n",
    " 2022-03-07T16:09:45Z",
  ],
  ...["+002022-03-07T16:09:45Z", "-2022-03-07T16:09:45Z", "22-03-07T16:09:45Z", "\u0662022-03-07T16:09:45Z", "now"],
  ...[1646669385, null, {}, true],
];

for (const value of noDateTimes) {
  test(`${JSON.stringify(value)} is no date-time`, async (t) => {
    const { call } = await startSandbox(t);
    const interval = { StartUtc: value, EndUtc: publishedAt };
    for (const property of ["CreatedUtc", "UpdatedUtc"]) {
      const answer = await call("messageThreads/getAll", { [property]: interval });
      check(answer, new RegExp(`^${property}\\.StartUtc must be `));
    }
    const asEnd = { CreatedUtc: { StartUtc: publishedAt, EndUtc: value } };
    check(await call("messages/getAll", { MessageThreadIds: [published], ...asEnd }), /^CreatedUtc\.EndUtc must be /);
  });
}

const strings: [name: string, text: string][] = [
  ["emoji", "\u{1f600}\u{1f468}\u200d\u{1f469}\u200d\u{1f467} \u{1f1e8}\u{1f1ff} \u{1f44d}\u{1f3fd}"],
  ["combining marks, composed and not", "e\u0301 \u00e9 a\u0323\u0307 \u1e69 Z\u0351\u036b\u0343"],
  ["right-to-left text and its marks", "\u0634\u0643\u0631\u0627 \u200f\u05e9\u05dc\u05d5\u05dd\u202e abc\u202c"],
  ["Chinese beyond the first plane", "\u60a8\u597d \u{20bb7}\u{2a6d6}"],
  ["line breaks of every kind", "a\nb\r\nc\rd\u2028e\u2029f\u0085g\vh\fi"],
  ["control characters", "\u0001\u0007\b\t\u001b[31m\u001f\u007f\u0080\u009f"],
  ["white space around it", " \t\u00a0 a \u3000\n"],
  ["noncharacters and the byte order mark", "\ufeffa\ufffe\uffff\u{10ffff}\ufffd"],
  ["what looks like code", `'; DROP TABLE message; -- <script>alert("\\u0000")</script> \\" {"Id":"x"} %s \${a}`],
];

for (const [name, text] of strings) {
  test(`text is kept exactly: ${name}`, async (t) => {
    const { call } = await startSandbox(t);
    const added = await call("messageThreads/add", { OriginalSender: text, Subject: text });
    const thread = added.body.MessageThreads[0];
    assert.ok(thread);
    assert.deepEqual([thread.OriginalSender, thread.Subject], [text, text]);
    const written = await call("messages/add", {
      Messages: [{ MessageThreadId: thread.Id, Text: text, Identifier: text }],
    });
    assert.equal(written.body.Messages[0]?.Identifier, text);
    assert.equal(written.body.Messages[0]?.Message.Text, text);

    const messages = await call("messages/getAll", { MessageThreadIds: [thread.Id], Limitation: { Count: 1 } });
    assert.deepEqual(
      messages.body.Messages.map(({ Text }) => Text),
      [text],
    );
    assert.equal(messages.body.Cursor, written.body.Messages[0]?.Message.Id);
    const threads = await call("messageThreads/getAll", { MessageThreadIds: [thread.Id] });
    assert.equal(threads.body.MessageThreads[0]?.OriginalSender, text);
    assert.equal(threads.body.MessageThreads[0]?.Subject, text);
  });
}

/** One property of each kind of text, its longest length, and a request with it. */
const texts: [property: string, longest: number, operation: string, asked: (value: string) => object][] = [
  ["OriginalSender", 512, "messageThreads/add", (value) => ({ ...johnDoe, OriginalSender: value })],
  ["Subject", 1024, "messageThreads/add", (value) => ({ ...johnDoe, Subject: value })],
  ["Messages[0].Text", 65_536, "messages/add", (value) => messageOf({ Text: value })],
  ["Messages[0].Identifier", 255, "messages/add", (value) => messageOf({ Text: "Hello", Identifier: value })],
];

function messageOf(message: object): object {
  return { Messages: [{ MessageThreadId: published, ...message }] };
}

/** Text of as many code points, over and over those of `unit`. */
function ofLength(length: number, unit: string): string {
  const points = [...unit];
  return Array.from({ length }, (_, index) => points[index % points.length]).join("");
}

const units = {
  letters: "a",
  emoji: "\u{1f600}",
  "combining marks": "e\u0301\u0323",
  "joined emoji": "\u{1f468}\u200d",
};

for (const [property, longest, operation, asked] of texts) {
  for (const [name, unit] of Object.entries(units)) {
    test(`${property} may have ${longest} code points of ${name} and not one more`, async (t) => {
      const { call } = await startSandbox(t);
      check(await call(operation, asked(ofLength(longest, unit))), 200);
      const { status, body } = await call(operation, asked(ofLength(longest + 1, unit)));
      assert.equal(status, 400);
      assert.equal(body.Message, `${property} must not be longer than ${longest} characters.`);
    });
  }
  for (const value of ["\ud83d", "\ude00", "a\ude00\ud83db", "a\u0000b", "\0"]) {
    test(`${property} must not hold ${JSON.stringify(value)}`, async (t) => {
      const { call } = await startSandbox(t);
      const { status, body } = await call(operation, asked(value));
      assert.equal(status, 400);
      assert.equal(body.Message, `${property} must not contain U+0000 or a lone surrogate.`);
    });
  }
  for (const value of ["", " ", "\r\n\t\u00a0\u2003\u3000\u2028"]) {
    const isOptional = property.endsWith("Identifier");
    test(`${property} ${isOptional ? "may" : "must not"} be blank: ${JSON.stringify(value)}`, async (t) => {
      const { call } = await startSandbox(t);
      const answer = await call(operation, asked(value));
      check(answer, isOptional ? 200 : /^\S+ must not be empty/);
      if (isOptional) assert.equal(answer.body.Messages[0]?.Identifier, value);
    });
  }
}

const counts: [count: unknown, status: number][] = [
  ...[1, 2, 999, 1000].map((count): [unknown, number] => [count, 200]),
  ...[0, -1, 1001, 10.5, 1e308, "10", "", null, true, [10], {}, undefined].map((count): [unknown, number] => [
    count,
    400,
  ]),
];

for (const [count, status] of counts) {
  test(`a Count of ${JSON.stringify(count)} is ${status === 200 ? "fine" : "refused"}`, async (t) => {
    const { call } = await startSandbox(t);
    check(await call("messageThreads/getAll", page({ Count: count })), status === 200 ? 200 : /^Limitation\.Count /);
  });
}
