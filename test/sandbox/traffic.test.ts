import assert from "node:assert/strict";
import { once } from "node:events";
import { after, type TestContext, test } from "node:test";
import { request } from "undici";
import { WebSocket } from "ws";
import type { TrafficEntry } from "../../src/protocol/sandbox/traffic.ts";
import { demoTokens } from "../../src/sandbox/demo/demo-world.ts";
import { createTraffic } from "../../src/sandbox/traffic/traffic.ts";
import { startReceiver } from "../support/delivery/receiver.ts";
import { startTestSandbox } from "../support/sandbox/sandbox-server.ts";
import { client2AtGross, guest } from "../support/server/world.ts";

const server = await startTestSandbox({ after: (stop) => after(stop as () => unknown) });
let worlds = 0;

/** A world of its own for a test. */
function newWorld() {
  worlds += 1;
  const name = `traffic-${worlds}`;
  const call = (operation: string, properties?: object) => server.call(operation, properties, name);
  const sandbox = (operation: string, input?: object) => server.sandbox(operation, input, name);
  const send = (path: string, init: RequestInit) =>
    fetch(server.url + path, { ...init, headers: { "Innbox-World": name, ...init.headers } });
  const traffic = async (input?: object) => (await sandbox("traffic/getAll", input)).body.Traffic;
  const only = async (): Promise<TrafficEntry> => {
    const [entry, ...more] = await traffic();
    assert.ok(entry && more.length === 0, "one entry");
    await sandbox("traffic/clear");
    return entry;
  };
  async function thread(): Promise<string> {
    const { body } = await call("messageThreads/add", guest);
    return body.MessageThreads[0]?.Id ?? "";
  }
  const json = { "Content-Type": "application/json" };
  return { name, call, sandbox, send, traffic, only, thread, json };
}

test("a partner's request is on the wire as it was sent, with its answer and whose it is", async () => {
  const { send, only, json } = newWorld();
  const body = JSON.stringify({ ...demoTokens, Client: "Robot 2.0", ...guest, Subject: "Zimmer für zwei 🛏" });
  const path = "/api/connector/v1/messageThreads/add?from=test";
  const response = await send(path, { method: "POST", headers: { ...json, "X-Trace": "7" }, body });
  const answer = await response.text();
  const entry = await only();
  const { Number: number, Kind, Client, ClientName, Operation, Method, Address, Status } = entry;
  assert.deepEqual(
    [number, Kind, Client, ClientName, Operation, Method, Address, Status],
    [1, "Request", "Client 1", "Robot 2.0", "messageThreads/add", "POST", path, 200],
  );
  assert.equal(entry.RequestHeaders["x-trace"], "7");
  assert.equal(entry.RequestBody, body);
  assert.equal(entry.ResponseHeaders["request-id"], response.headers.get("Request-Id"));
  assert.equal(entry.ResponseBody, answer);
  assert.deepEqual([entry.Error, entry.Fault, entry.DeliveryId], [null, null, null]);
  assert.match(entry.StartedUtc, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test("what is refused is on the wire too, and who sent it as far as it can be read", async () => {
  const { send, only, json } = newWorld();
  const post = (body: string) => ({ method: "POST", headers: json, body });
  const stranger = { ClientToken: "nobody's", AccessToken: "x", Client: "Robot" };
  const table: readonly [string, RequestInit, number, Partial<TrafficEntry>][] = [
    ["messages/add", post("{"), 400, { Client: null, RequestBody: "{", Operation: "messages/add" }],
    ["messages/add", post(`{"ClientToken": "${demoTokens.ClientToken}",}`), 400, { Client: "Client 1" }],
    ["messages/add", post(JSON.stringify(stranger)), 401, { Client: null, ClientName: "Robot" }],
    ["messages/add", post(JSON.stringify({ ...client2AtGross.tokens, Client: "R" })), 400, { Client: "Client 2" }],
    ["messages/ad", post(JSON.stringify({ ...demoTokens, Client: "R" })), 404, { Client: "Client 1", Operation: null }],
    ["messages/a%64d", post("{}"), 404, { Operation: null, RequestBody: "{}" }],
    ["messages/add", { method: "GET" }, 404, { Method: "GET", Operation: null, RequestBody: null }],
    ["messages/add", { method: "POST", headers: json, body: new Uint8Array([255, 254]) }, 400, { RequestBody: null }],
  ];
  for (const [path, init, status, expected] of table) {
    const response = await send(`/api/connector/v1/${path}`, init);
    const answer = await response.text();
    assert.equal(response.status, status, answer);
    const entry = await only();
    assert.deepEqual({ ...entry, ...expected, Status: status, ResponseBody: answer }, entry, path);
  }
  const tooLong = `{"ClientToken": "${demoTokens.ClientToken}", "Client": "Long", "X": "${"x".repeat(9_000_000)}"}`;
  assert.equal((await send("/api/connector/v1/messages/add", post(tooLong))).status, 413);
  assert.deepEqual((await only()).Status, 413);
});

test("pages, the staff's side and the sandbox itself are not on the wire, but any other address is", async () => {
  const { send, traffic } = newWorld();
  const paths = ["inbox", "inbox/typo", "docs", "openapi.json", "health/live", "api/staff/v1/typo", "sandbox/v1/typo"];
  for (const path of [...paths, "favicon.ico"]) await (await send(`/${path}`, {})).text();
  assert.deepEqual(await traffic(), []);
  await (await send("/connector/v1/messages/add", { method: "PUT", body: "Hello" })).text();
  assert.deepEqual(
    (await traffic()).map(({ Address, Method, RequestBody, Status }) => [Address, Method, RequestBody, Status]),
    [["/connector/v1/messages/add", "PUT", "Hello", 404]],
  );
});

test("64 kB are kept of a body, and a long list still comes in pieces", async () => {
  const { call, send, only, thread, traffic, sandbox, json } = newWorld();
  const MessageThreadId = await thread();
  const Messages = Array.from({ length: 201 }, (_, index) => ({
    MessageThreadId,
    Text: `${index} ${"é".repeat(500)}`,
  }));
  await sandbox("traffic/clear");
  assert.equal((await call("messages/add", { Messages })).status, 200);
  const { RequestBody } = await only();
  assert.match(RequestBody ?? "", /^\{"ClientToken".*é\n… \(the first 65536 bytes\)$/s);
  assert.ok(!RequestBody?.includes("\ufffd"));

  const body = JSON.stringify({ ...demoTokens, Client: "Test", MessageThreadIds: [MessageThreadId] });
  const response = await send("/api/connector/v1/messages/getAll", { method: "POST", headers: json, body });
  assert.equal(response.headers.get("Transfer-Encoding"), "chunked");
  const text = await response.text();
  assert.equal(JSON.parse(text).Messages.length, 201);
  const [list] = await traffic();
  const [kept = "", mark] = list?.ResponseBody?.split("\n") ?? [];
  assert.ok(text.startsWith(kept) && kept.length > 30_000);
  assert.equal(mark, "… (the first 65536 bytes)");
  const { status, body: refusal } = await sandbox("traffic/resend", { Number: 2 });
  assert.deepEqual([status, refusal.Message], [400, "Number: there is no entry 2 any more, or not yet."]);
});

test("the last 2,000 entries are kept, fewer while they are long, under numbers without gaps", () => {
  const traffic = createTraffic();
  const headers = { RequestHeaders: {}, ResponseHeaders: {} };
  const nothing = { Client: null, ClientName: null, Operation: null, Status: 200, Error: null, Fault: null };
  const record = (RequestBody: string | null) =>
    traffic.record({
      ...headers,
      ...nothing,
      Kind: "Request",
      StartedUtc: "2026-05-05T10:00:00.000Z",
      Milliseconds: 1,
      Method: "POST",
      Address: "/",
      RequestBody,
      ResponseBody: null,
      DeliveryId: null,
    });
  const kept = () => traffic.after(0, 3000).map(({ Number: number }) => number);
  for (let made = 0; made < 2005; made += 1) record(null);
  assert.deepEqual([kept().length, kept()[0], kept().at(-1)], [2000, 6, 2005]);
  assert.equal(traffic.find(6)?.Number, 6);
  assert.equal(traffic.find(5), undefined);
  assert.equal(traffic.find(2006), undefined);
  for (let made = 0; made < 320; made += 1) record("x".repeat(65_536));
  assert.deepEqual([kept().length, kept().at(-1)], [305, 2325]);
});

test("the traffic is read from a number on, and forgotten without counting anew", async () => {
  const { call, sandbox, traffic } = newWorld();
  const numbers = async (input: object) => (await traffic(input)).map(({ Number: number }) => number);
  for (let made = 0; made < 4; made += 1) await call("configuration/get");
  assert.deepEqual(await numbers({}), [1, 2, 3, 4]);
  assert.deepEqual(await numbers({ Count: 2 }), [3, 4]);
  assert.deepEqual(await numbers({ After: 1 }), [2, 3, 4]);
  assert.deepEqual(await numbers({ After: 1, Count: 1 }), [4]);
  assert.deepEqual(await numbers({ After: 4 }), []);
  await sandbox("traffic/clear");
  assert.deepEqual(await numbers({}), []);
  await call("configuration/get");
  assert.deepEqual(await numbers({}), [5]);
});

test("a request is sent again to its world with its headers and its body", async () => {
  const { send, sandbox, call, thread, traffic, json } = newWorld();
  const MessageThreadId = await thread();
  const body = JSON.stringify({ ...demoTokens, Client: "R", Messages: [{ MessageThreadId, Text: "Good evening" }] });
  const add = (headers: object) =>
    send("/api/connector/v1/messages/add?x=1", { method: "POST", headers: { ...json, ...headers }, body });
  await (await add({})).text();
  await (await add({ "Idempotency-Key": "key" })).text();
  const [, plain, withKey] = await traffic();
  for (const entry of [plain, withKey]) {
    const { body: answer } = await sandbox("traffic/resend", { Number: entry?.Number });
    assert.deepEqual(answer, { Status: 200 });
    const again = (await traffic()).at(-1);
    assert.deepEqual([again?.Address, again?.RequestBody], [entry?.Address, entry?.RequestBody]);
    assert.equal(again?.RequestHeaders["idempotency-key"], entry?.RequestHeaders["idempotency-key"]);
  }
  const { body: list } = await call("messages/getAll", { MessageThreadIds: [MessageThreadId] });
  assert.equal(list.Messages.length, 3, "the one with a key was replayed");
});

test("a request that named its world by the host is sent again to that world", async () => {
  const { name, sandbox, traffic } = newWorld();
  const headers = { Host: `${name}.localhost`, "Content-Type": "application/json" };
  const body = JSON.stringify({ ...demoTokens, Client: "R" });
  const path = `${server.url}/api/connector/v1/configuration/get`;
  await (await request(path, { method: "POST", headers, body })).body.dump();
  assert.deepEqual((await sandbox("traffic/resend", { Number: 1 })).body, { Status: 200 });
  assert.equal((await traffic()).length, 2);
});

test("a request that the sandbox breaks off again answers no status", async () => {
  const { call, sandbox } = newWorld();
  await call("configuration/get");
  await sandbox("faults/set", { Faults: [{ On: "Request", Kind: "Disconnect" }] });
  assert.deepEqual((await sandbox("traffic/resend", { Number: 1 })).body, { Status: null });
});

test("a request of which not all was kept can't be sent again", async () => {
  const { call, sandbox } = newWorld();
  await call("messages/getAll", { Filler: "x".repeat(70_000) });
  const { status, body } = await sandbox("traffic/resend", { Number: 1 });
  assert.equal(status, 409);
  assert.match(body.Message, /^The entry has not all of the request's body/);
});

test("a webhook is on the wire and is sent again under its id", async (t) => {
  const { sandbox, call, thread, traffic } = newWorld();
  const receiver = await startReceiver(t, (_, response) => {
    response.writeHead(202, { "X-Partner": "Robot" }).end("Thanks");
    return undefined;
  });
  await sandbox("webhooks/set", { ClientToken: demoTokens.ClientToken, Url: `${receiver.url}/hook?token=secret` });
  await call("messages/add", { Messages: [{ MessageThreadId: await thread(), Text: "Hello" }] });
  const [sent] = await receiver.requests(1);
  await sandbox("clock/advance", { By: "0s" });
  const entry = (await traffic()).at(-1);
  assert.deepEqual(
    [entry?.Kind, entry?.Client, entry?.Method, entry?.Address, entry?.Status, entry?.ResponseBody, entry?.Error],
    ["Webhook", "Client 1", "POST", `${receiver.url}/hook?token=secret`, 202, "Thanks", null],
  );
  assert.equal(entry?.ResponseHeaders["x-partner"], "Robot");
  assert.equal(entry?.RequestHeaders["webhook-signature"], sent?.headers["webhook-signature"]);
  assert.equal(entry?.RequestBody, sent?.text);
  assert.equal(entry?.DeliveryId, sent?.headers["webhook-id"]);

  assert.deepEqual((await sandbox("traffic/resend", { Number: entry?.Number })).body, { Status: null });
  const [, again] = await receiver.requests(2);
  assert.deepEqual([again?.text, again?.headers["webhook-id"]], [sent?.text, sent?.headers["webhook-id"]]);
});

test("a WebSocket is on the wire with what came of it, and only its client can open it again", async (t) => {
  const { name, sandbox, traffic } = newWorld();
  await open(t, name, `ClientToken=${demoTokens.ClientToken}; AccessToken=${demoTokens.AccessToken}`);
  await open(t, name, `ClientToken=${demoTokens.ClientToken}; AccessToken=wrong`);
  const entries = await traffic();
  assert.deepEqual(
    entries.map(({ Kind, Client, Address, Status, Error: error }) => [Kind, Client, Address, Status, error]),
    [
      ["Socket", "Client 1", "/ws/connector", 101, null],
      ["Socket", "Client 1", "/ws/connector", 401, null],
    ],
  );
  assert.match(entries[1]?.ResponseBody ?? "", /^\{"Message":"The client token or the access token is not valid\."/);
  const { status, body } = await sandbox("traffic/resend", { Number: 1 });
  assert.deepEqual([status, body.Message], [400, "Number is of a WebSocket, which only its client can open."]);
});

/** Resolves when the handshake is over, whatever came of it. */
async function open(t: TestContext, world: string, cookie: string): Promise<void> {
  const headers = { Cookie: cookie, "Innbox-World": world };
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/ws/connector`, { headers });
  t.after(() => socket.terminate());
  const refused = once(socket, "unexpected-response").then(([request]) => request.destroy());
  socket.on("error", () => undefined);
  await Promise.race([once(socket, "open"), refused]);
}
