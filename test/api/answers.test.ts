import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import type { AppOptions } from "../../src/app.ts";
import { readConfig } from "../../src/config/config.ts";
import { listenAndStart } from "../../src/listen.ts";
import { demoTokens } from "../../src/sandbox/demo/demo-world.ts";
import { environment } from "../support/database/engine.ts";
import { connected } from "../support/delivery/raw-socket.ts";
import { createSandboxApp, engineDatabase, sharedSandbox, startSandbox } from "../support/server/server.ts";
import { silentLog } from "../support/server/test-logs.ts";
import { credentials, johnDoe, nobody, published } from "../support/server/world.ts";

const usual = sharedSandbox();
const stranger = { tokens: { ClientToken: "no client", AccessToken: "no access" } };

test("every answer has a Request-Id of its own, whatever the client sends", async (t) => {
  const { call, send } = await startSandbox(t, { "body-limit": "1024" });
  const headers = { "Request-Id": published, "X-Request-Id": published };
  const ask = () => [
    call("configuration/get", {}, { headers }),
    call("messageThreads/add", johnDoe, { headers }),
    call(
      "messageThreads/getAll",
      { MessageThreadIds: [nobody] },
      { headers: { ...headers, Prefer: "return=minimal" } },
    ),
    call("messageThreads/add", {}, { headers }),
    call("messageThreads/add", johnDoe, { headers, ...stranger }),
    call("messageThreads/none", johnDoe, { headers }),
    send("messageThreads/add", "{", headers),
    send("messageThreads/add", " ".repeat(2000), headers),
  ];
  const answers = await Promise.all(Array.from({ length: 10 }, ask).flat());
  assert.deepEqual(
    answers.slice(0, 8).map(({ status }) => status),
    [200, 200, 204, 400, 401, 404, 400, 413],
  );
  const requestIds = new Set(answers.map((answer) => answer.headers.get("Request-Id")));
  assert.equal(requestIds.size, answers.length);
  assert.ok(!requestIds.has(published));
});

test("an error says one sentence and nothing more", async (t) => {
  const { call } = await startSandbox(t);
  const { body, headers } = await call("messageThreads/add", { ...johnDoe, Subject: 5 });
  const RequestId = headers.get("Request-Id");
  assert.deepEqual(body, { Message: "Subject must be a string.", RequestId, Details: null });
});

const emptyLists: [list: string, operation: string, properties: object][] = [
  ["MessageThreads", "messageThreads/getAll", { MessageThreadIds: [nobody] }],
  ["Messages", "messages/getAll", { MessageThreadIds: [nobody] }],
  ["Messages", "messages/getAll", { MessageIds: [nobody] }],
  ["Enterprises", "enterprises/getAll", { ExternalIdentifiers: ["none"] }],
];

for (const [list, operation, properties] of emptyLists) {
  for (const Limitation of [undefined, { Count: 10 }]) {
    const kind = `an empty ${Limitation ? "page" : "list"} of ${list} for ${Object.keys(properties)}`;
    test(`${kind} is 204 for those who prefer it, otherwise 200`, async () => {
      const { call } = await usual();
      const asked = { ...properties, Limitation };
      const minimal = await call(operation, asked, { headers: { Prefer: "return=minimal" } });
      assert.equal(minimal.status, 204);
      const whole = await call(operation, asked);
      assert.equal(whole.status, 200);
      assert.deepEqual(whole.body, { [list]: [], ...(Limitation && { Cursor: null }) });
    });
  }
}

const preferences: [prefer: string, status: number][] = [
  ["return=minimal", 204],
  ['return="minimal"', 204],
  ["Return = minimal", 204],
  ["respond-async, return=minimal", 204],
  ["return=minimal; foo=bar, wait=10", 204],
  ["return=representation", 200],
  ["return=minimalist", 200],
  ["noreturn=minimal", 200],
  ["minimal", 200],
];

for (const [prefer, status] of preferences) {
  test(`an empty list is ${status} with Prefer: ${prefer}`, async () => {
    const { call } = await usual();
    const headers = { Prefer: prefer };
    assert.equal((await call("messageThreads/getAll", { MessageThreadIds: [nobody] }, { headers })).status, status);
  });
}

const notEmpty: [name: string, operation: string, properties: object, status: number][] = [
  ["a list with an item", "messageThreads/getAll", { MessageThreadIds: [published] }, 200],
  ["a page with an item", "messageThreads/getAll", { MessageThreadIds: [published], Limitation: { Count: 1 } }, 200],
  ["a new thread", "messageThreads/add", johnDoe, 200],
  ["a new message", "messages/add", { Messages: [{ MessageThreadId: published, Text: "Hello" }] }, 200],
  ["the configuration", "configuration/get", {}, 200],
  ["an error", "messageThreads/getAll", {}, 400],
];

for (const [name, operation, properties, status] of notEmpty) {
  test(`Prefer: return=minimal does not change ${name}`, async () => {
    const { call } = await usual();
    const answer = await call(operation, properties, { headers: { Prefer: "return=minimal" } });
    assert.equal(answer.status, status);
    assert.ok(answer.text.length > 0);
  });
}

const body = JSON.stringify(credentials);
const requestHead = [
  "POST /api/connector/v1/configuration/get HTTP/1.1",
  "Host: innbox",
  "Content-Type: application/json",
  `Content-Length: ${body.length}`,
];

/** Begins a request whose body is yet to come. The server's 100 Continue tells that it is under way. */
async function beginRequest(url: string): Promise<Socket> {
  const socket = await connected(url);
  socket.write([...requestHead, "Expect: 100-continue", "", ""].join("\r\n"));
  const [answer] = await once(socket, "data");
  assert.match(String(answer), /^HTTP\/1\.1 100 /);
  return socket;
}

async function endRequest(socket: Socket): Promise<string> {
  socket.write(body);
  const [answer] = await once(socket, "data");
  return String(answer).slice(0, 12);
}

/** Reads what comes until the server hangs up, and checks that it is an error as the contract has it. */
async function lastError(socket: Socket): Promise<{ status: string; message: string; head: string }> {
  const answer = await text(socket);
  const [head = "", json = ""] = answer.split("\r\n\r\n");
  const error = JSON.parse(json) as { Message: string; RequestId: string };
  assert.match(head, /^content-type: application\/json; charset=utf-8$/im);
  assert.equal(/^request-id: (.+)$/im.exec(head)?.[1], error.RequestId);
  return { status: head.slice(9, 12), message: error.Message, head };
}

/** A sandbox that the test itself stops. */
async function startToStop(t: TestContext, options: Pick<AppOptions, "stopTimeout"> = {}) {
  const config = readConfig({ port: "0", "rate-limit": "off", database: await engineDatabase(t) }, environment);
  const app = await createSandboxApp(config, { log: silentLog, ...options });
  return { url: await listenAndStart(app, config), stop: app.stop };
}

test("while the server stops, what is under way is served and what is new is answered 503", async (t) => {
  const app = await startToStop(t);
  const socket = await beginRequest(app.url);
  const stopped = app.stop();
  const refused = await connected(app.url);
  refused.write([...requestHead, "", body].join("\r\n"));
  const { status, head } = await lastError(refused);
  assert.equal(status, "503");
  assert.match(head, /^retry-after: [1-9]\d*$/im);
  assert.equal(await endRequest(socket), "HTTP/1.1 200");
  await stopped;
  const late = connect(Number(new URL(app.url).port), "127.0.0.1");
  await assert.rejects(once(late, "connect"), { code: "ECONNREFUSED" });
});

test("a client that goes away in the middle of a long list does not hold up a stop", async (t) => {
  // A request that is lost would hold up the stop for so long that the run gives up.
  const app = await startToStop(t, { stopTimeout: 86_400_000 });
  const Text = "a".repeat(8000);
  const Messages = new Array(1000).fill({ MessageThreadId: published, Text });
  const operation = `${app.url}/api/connector/v1/messages`;
  const headers = { "Content-Type": "application/json" };
  for (let request = 0; request < 3; request++) {
    const body = JSON.stringify({ ...credentials, Messages });
    const added = await fetch(`${operation}/add`, { method: "POST", headers, body });
    assert.equal(added.status, 200);
    await added.text();
  }
  const asked = JSON.stringify({ ...credentials, MessageThreadIds: [published] });
  const socket = await connected(app.url);
  const head = ["POST /api/connector/v1/messages/getAll HTTP/1.1", "Host: innbox", "Content-Type: application/json"];
  socket.write([...head, `Content-Length: ${asked.length}`, "", asked].join("\r\n"));
  await once(socket, "data");
  socket.destroy();
  await app.stop();
});

const lateRequests: [name: string, sent: string][] = [
  ["no body", [...requestHead, "", ""].join("\r\n")],
  ["half of its body", [...requestHead, "", body.slice(0, 10)].join("\r\n")],
  ["half of its headers", requestHead.join("\r\n").slice(0, 60)],
  ["nothing at all", ""],
];

for (const [name, sent] of lateRequests) {
  test(`a request that brings ${name} in time is answered 408 and stores nothing`, async (t) => {
    const { url } = await startSandbox(t, { "request-timeout": "50ms" });
    const socket = await connected(url);
    socket.write(sent);
    const { status, message } = await lastError(socket);
    assert.equal(status, "408");
    assert.match(message, / in time[.;]/);
  });
}

test("a database that fails answers without a word of SQL, and with no stack", async (t) => {
  const { call, app, logged } = await startSandbox(t);
  await app.store.db.transaction((transaction) => transaction.script("DROP TABLE message"));
  for (const [operation, properties] of [
    ["messages/getAll", { MessageThreadIds: [published] }],
    ["messages/add", { Messages: [{ MessageThreadId: published, Text: "Hello" }] }],
  ] as const) {
    const { status, body } = await call(operation, properties);
    assert.ok([500, 503].includes(status), String(status));
    assert.doesNotMatch(body.Message, /sql|table|message |select|insert|node:|src|\.ts|\n/i);
  }
  assert.doesNotMatch(JSON.stringify(logged), new RegExp(demoTokens.AccessToken));
});
