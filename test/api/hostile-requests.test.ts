import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { connected } from "../support/delivery/raw-socket.ts";
import { sharedSandbox, startSandbox, type TestServer } from "../support/server/server.ts";
import { credentials, published } from "../support/server/world.ts";

const usual = sharedSandbox();
const narrow = sharedSandbox({ "body-limit": "4096" });

const tokens = JSON.stringify(credentials).slice(1, -1);

/** Runs `attack` on a sandbox, which then holds what it held before, has not failed inside, and still answers. */
async function withoutHarm(sandbox: () => Promise<TestServer>, attack: (server: TestServer) => Promise<void>) {
  const server = await sandbox();
  const { db } = server.app.store;
  const stored = () => Promise.all(["message_thread", "property_log"].map((table) => db.all(`SELECT * FROM ${table}`)));
  const before = await stored();
  await attack(server);
  assert.deepEqual(await stored(), before);
  assert.equal((await server.call("configuration/get")).status, 200);
  assert.doesNotMatch(JSON.stringify(server.logged), /"error"/);
}

const deepArray = "[".repeat(100_000) + "]".repeat(100_000);
const deepObject = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
const add = `${tokens},"OriginalSender":"Guest"`;
const threads = `${tokens},"MessageThreadIds":["${published}"]`;

/** Bodies without anything that could be stored, each sent with and without an Idempotency-Key. */
const bodies: [name: string, operation: string, body: string, message: RegExp | 200][] = [
  ["a deep array", "messageThreads/add", deepArray, /^The body must be a JSON object/],
  ["a deep object", "messageThreads/add", deepObject, /^ClientToken is required/],
  [
    "a million open brackets",
    "messageThreads/add",
    "[".repeat(1_000_000),
    /^The body must not have more than 250000 values/,
  ],
  [
    "a million open braces",
    "messageThreads/add",
    '{"a":'.repeat(1_000_000),
    /^The body must not have more than 250000 values/,
  ],
  ["a deep token", "messageThreads/add", `{${tokens},"AccessToken":${deepArray}}`, /^AccessToken must be a string/],
  ["a deep subject", "messageThreads/add", `{${add},"Subject":${deepArray}}`, /^Subject must be|nested too deeply/],
  ["a deep message", "messages/add", `{${tokens},"Messages":[${deepObject}]}`, /^Messages\[0\]|nested too deeply/],
  ["deep messages", "messages/add", `{${tokens},"Messages":${deepArray}}`, /^Messages\[0\] must|nested too deeply/],
  ["a deep page", "messageThreads/getAll", `{${threads},"Limitation":${deepObject}}`, /^Limitation.Count is required/],
  ["a deep interval", "messageThreads/getAll", `{${threads},"CreatedUtc":${deepObject}}`, /^CreatedUtc.StartUtc is/],
  [
    "a deep identifier",
    "messageThreads/getAll",
    `{${tokens},"MessageThreadIds":${deepArray}}`,
    /^MessageThreadIds\[0\] /,
  ],
  ["a deep unknown property", "configuration/get", `{${tokens},"Unknown":${deepObject}}`, 200],
  ["a name of a million letters", "configuration/get", `{${tokens},"${"a".repeat(1_000_000)}":1}`, 200],
  ["a hundred thousand names", "configuration/get", `{${tokens}${names(100_000)}}`, 200],
  ["one name a hundred thousand times", "configuration/get", `{${tokens}${',"a":1'.repeat(100_000)}}`, 200],
  ["a duplicate token that is wrong", "messageThreads/add", `{${add},"AccessToken":"x"}`, /^The client token or/],
  ["a duplicate that is right", "configuration/get", `{"ClientToken":5,"Client":null,${tokens}}`, 200],
  [
    "a duplicate that is wrong",
    "messageThreads/add",
    `{${add},"Subject":"a","Subject":""}`,
    /^Subject must not be empty/,
  ],
  ["tokens in __proto__", "configuration/get", `{"__proto__":{${tokens}}}`, /^ClientToken is required/],
  ["filters in __proto__", "messageThreads/getAll", `{${tokens},"__proto__":{${threads}}}`, /^At least one of/],
  ["a subject in __proto__", "messageThreads/add", `{${add},"__proto__":{"Subject":"a"}}`, /^Subject is required/],
  ["a null __proto__", "configuration/get", `{${tokens},"__proto__":null}`, 200],
  ["a constructor's prototype", "configuration/get", `{${tokens},"constructor":{"prototype":{"polluted":1}}}`, 200],
  ["names of methods", "configuration/get", `{${tokens},"toString":1,"toJSON":1,"hasOwnProperty":1,"then":1}`, 200],
  ["a page of __proto__", "messageThreads/getAll", page('{"__proto__":{"Count":1}}'), /^Limitation.Count is required/],
  ["a count beyond every number", "messageThreads/getAll", page('{"Count":1e400}'), /^Limitation.Count must be/],
  ["a count below every number", "messageThreads/getAll", page('{"Count":-1e400}'), /^Limitation.Count must be/],
  ["a very large count", "messageThreads/getAll", page('{"Count":1e308}'), /^Limitation.Count must be/],
  ["a count of 2^64", "messageThreads/getAll", page('{"Count":18446744073709551616}'), /^Limitation.Count must be/],
  ["a very small count", "messageThreads/getAll", page('{"Count":1e-400}'), /^Limitation.Count must be/],
  [
    "a number of many digits",
    "messageThreads/getAll",
    page(`{"Count":${"9".repeat(100_000)}}`),
    /^Limitation.Count must/,
  ],
  ["an unknown number of many digits", "configuration/get", `{${tokens},"Unknown":${"9".repeat(100_000)}}`, 200],
  ["an infinite language", "configuration/get", `{${tokens},"LanguageCode":1e400}`, /^LanguageCode must be a string/],
  ["an infinite body", "configuration/get", "1e400", /^The body must be a JSON object/],
];

function page(limitation: string): string {
  return `{${threads},"Limitation":${limitation}}`;
}

function names(count: number): string {
  return Array.from({ length: count }, (_, index) => `,"name${index}":${index}`).join("");
}

for (const [name, operation, body, message] of bodies) {
  test(`a body with ${name} does no harm`, async () => {
    await withoutHarm(usual, async ({ send }) => {
      for (const headers of [{}, { "Idempotency-Key": name }]) {
        const answer = await send(operation, body, headers);
        if (message === 200) assert.equal(answer.status, 200, answer.text);
        else assert.match(answer.body.Message, message);
      }
      assert.equal("polluted" in {}, false);
    });
  });
}

test("a body nested too deeply to be compared is stored without an Idempotency-Key and refused with one", async (t) => {
  const { send } = await startSandbox(t);
  const body = `{${add},"Subject":"Stay","Unknown":${deepObject}}`;
  assert.equal((await send("messageThreads/add", body)).status, 200);
  const refused = await send("messageThreads/add", body, { "Idempotency-Key": "key" });
  assert.deepEqual([refused.status, /nested too deeply/.test(refused.body.Message)], [400, true]);
});

test("a retry is compared by __proto__ as by any other property", async (t) => {
  const { send } = await startSandbox(t);
  const headers = { "Idempotency-Key": "key" };
  const body = (proto: string) => `{${add},"Subject":"Stay","__proto__":${proto}}`;
  assert.equal((await send("messageThreads/add", body('{"a":1}'), headers)).status, 200);
  const again = await send("messageThreads/add", body('{"a":1}'), headers);
  assert.equal(again.headers.get("Idempotent-Replayed"), "true");
  assert.equal((await send("messageThreads/add", body('{"a":2}'), headers)).status, 400);
});

const tooMuch: [name: string, operation: string, body: string][] = [
  ["malformed identifiers", "messageThreads/getAll", `{${tokens},"MessageThreadIds":["x"${',"x"'.repeat(2_000_000)}]}`],
  ["empty messages", "messages/add", `{${tokens},"Messages":[{}${",{}".repeat(2_000_000)}]}`],
];

for (const [name, operation, body] of tooMuch) {
  test(`two million ${name} are refused`, async () => {
    await withoutHarm(usual, async ({ send }) => assert.equal((await send(operation, body)).status, 400));
  });
}

/** Those of the contract without 500: nothing that a client sends may be a surprise. */
const documented = [200, 204, 400, 401, 403, 404, 408, 413, 429, 503];

interface RawAnswer {
  readonly status: number;
  readonly json: { readonly Message?: string; readonly RequestId?: string };
}

/** Sends bytes and reads every answer until the server hangs up; a reset after that is no answer either. */
async function exchange(server: TestServer, bytes: string | Buffer): Promise<RawAnswer[]> {
  const socket = await connected(server.url);
  let received = "";
  socket.on("data", (data) => {
    received += data;
  });
  socket.on("error", () => undefined);
  socket.write(bytes);
  await once(socket, "close");
  return answersIn(received);
}

function answersIn(received: string): RawAnswer[] {
  const answers = received.split(/(?=HTTP\/1\.1 \d{3} )/);
  const final = answers.filter((answer) => answer !== "" && !answer.startsWith("HTTP/1.1 100 "));
  return final.map((answer) => {
    const [head = "", body = ""] = answer.split("\r\n\r\n");
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]);
    const json = JSON.parse(body || "{}") as RawAnswer["json"];
    const requestId = /^request-id: ([0-9a-f-]{36})$/im.exec(head)?.[1];
    assert.ok(documented.includes(status), answer);
    assert.ok(requestId, `no Request-Id: ${answer}`);
    if (status !== 200) assert.deepEqual([json.RequestId, typeof json.Message], [requestId, "string"]);
    return { status, json };
  });
}

const path = "/api/connector/v1/configuration/get";
const configuration = `{${tokens}}`;

interface Request {
  readonly line?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** A whole request, right unless told otherwise, after which the server hangs up. */
function request({ line = `POST ${path} HTTP/1.1`, headers, body = configuration }: Request = {}): string {
  const standard = headers ?? [`Content-Length: ${Buffer.byteLength(body)}`];
  const head = [line, "Host: innbox", "Content-Type: application/json", "Connection: close", ...standard];
  return [...head, "", body].join("\r\n");
}

function withHeader(...headers: string[]): string {
  return request({ headers: [`Content-Length: ${configuration.length}`, ...headers] });
}

const chunked = "Transfer-Encoding: chunked";
const chunks = `${configuration.length.toString(16)}\r\n${configuration}\r\n0\r\n\r\n`;
const manyHeaders = Array.from({ length: 500 }, (_, index) => `X-${index}: a`);

const transmissions: [name: string, bytes: string | Buffer, statuses: number[]][] = [
  ["a right request", request(), [200]],
  ["a right request in chunks", request({ headers: [chunked], body: chunks }), [200]],
  ["a right request of HTTP/1.0", request({ line: `POST ${path} HTTP/1.0` }), [200]],
  ["two requests at once", request().replace("Connection: close", "A: b") + request(), [200, 200]],
  ["garbage", Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 151 + 7) % 256)), [400]],
  ["a TLS handshake", Buffer.from("16030100f1010000ed0303", "hex"), [400]],
  ["the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400]],
  ["HTTP/0.9", "GET /nowhere\r\n\r\n", [404]],
  ["an unknown version", request({ line: `POST ${path} HTTP/3.7` }), [400]],
  ["an unknown method", request({ line: `FETCH ${path} HTTP/1.1` }), [404]],
  ["a method in lower case", request({ line: `post ${path} HTTP/1.1` }), [404]],
  ["a tunnel", "CONNECT innbox.example:443 HTTP/1.1\r\nHost: innbox.example:443\r\n\r\n", [404]],
  ["OPTIONS of everything", request({ line: "OPTIONS * HTTP/1.1" }), [404]],
  ["another kind of server's address", request({ line: "POST http://other.example/ HTTP/1.1" }), [404]],
  ["an address of 80,000 letters", request({ line: `POST /${"a".repeat(80_000)} HTTP/1.1` }), [400]],
  ["an address with a null byte", request({ line: `POST ${path}\0 HTTP/1.1` }), [400]],
  ["an address that ends in a broken escape", request({ line: `POST ${path}%f HTTP/1.1` }), [404]],
  ["an address that is not UTF-8", request({ line: `POST ${path}%ff HTTP/1.1` }), [404]],
  ["a length and chunks", request({ headers: [`Content-Length: ${chunks.length}`, chunked], body: chunks }), [400]],
  ["two lengths", withHeader("Content-Length: 1"), [400]],
  ["a length below zero", request({ headers: ["Content-Length: -1"] }), [400]],
  ["a length that is no number", request({ headers: ["Content-Length: many"] }), [400]],
  ["a length beyond every number", request({ headers: [`Content-Length: ${"9".repeat(30)}`] }), [400]],
  ["a length over the limit", request({ headers: ["Content-Length: 4097"], body: "" }), [413]],
  ["a body over the limit in chunks", request({ headers: [chunked], body: `2000\r\n${"a".repeat(0x2000)}` }), [413]],
  ["a chunk of no size", request({ headers: [chunked], body: `size\r\n${chunks}` }), [400]],
  ["a chunk larger than every number", request({ headers: [chunked], body: `${"f".repeat(30)}\r\n` }), [400]],
  ["a chunk with a large extension", request({ headers: [chunked], body: `1;${"a".repeat(40_000)}\r\n` }), [400]],
  ["an unknown encoding of the transfer", request({ headers: ["Transfer-Encoding: gzip"] }), [400]],
  ["a length that is too short", request({ headers: ["Content-Length: 2"], body: "{}FOO / HTTP/1.1\r\n\r\n" }), [400]],
  ["headers of 80,000 letters", withHeader(`X-Large: ${"a".repeat(80_000)}`), [400]],
  ["500 headers", withHeader(...manyHeaders), [200]],
  ["a header without a colon", withHeader("nonsense"), [400]],
  ["a space before a colon", withHeader("X-Header : a"), [400]],
  ["a null byte in a header", withHeader("X-Header: \0"), [400]],
  ["a line break in a header", withHeader("X-Header: a\rX-Other: b"), [400]],
  ["no host", request().replace("Host: innbox\r\n", ""), [200]],
  ["another host", request().replace("Host: innbox", "Host: ../../etc"), [200]],
  ["an expectation that can be met", withHeader("Expect: 100-continue"), [200]],
  ["an expectation that nobody knows", withHeader("Expect: 200-ok"), [200]],
  ["an upgrade", withHeader("Upgrade: websocket", "Sec-WebSocket-Key: a"), [200]],
  ["a version in Accept-Version", withHeader("Accept-Version: 9.x"), [200]],
  ["another method in a header", withHeader("X-HTTP-Method-Override: GET"), [200]],
  ["an Idempotency-Key of bytes above ASCII", withHeader("Idempotency-Key: \xff\xfe"), [200]],
];

for (const [name, bytes, statuses] of transmissions) {
  test(`${name}: ${statuses.join(" and ")}`, async () => {
    await withoutHarm(narrow, async (server) => {
      const answers = await exchange(server, bytes);
      assert.deepEqual(
        answers.map(({ status }) => status),
        statuses,
      );
    });
  });
}

test("a compressed body is not read", async () => {
  await withoutHarm(usual, async ({ send }) => {
    const { status, body } = await send("configuration/get", Uint8Array.from(gzipSync(configuration)), {
      "Content-Encoding": "gzip",
    });
    assert.equal(status, 400);
    assert.match(body.Message, /UTF-8/);
  });
});

test("a length that is too long is waited for until the time is over: 408", async (t) => {
  await withoutHarm(usual, async ({ database }) => {
    const impatient = await startSandbox(t, { database, "request-timeout": "100ms" });
    const answers = await exchange(impatient, request({ headers: ["Content-Length: 4000"] }));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [408],
    );
  });
});

test("what follows a request on the same connection is a request of its own", async () => {
  await withoutHarm(usual, async (server) => {
    const smuggled = request().replace("Connection: close\r\n", "");
    const answers = await exchange(server, `${smuggled}${request({ body: "{" })}`);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 400],
    );
  });
});

test("hundreds of connections that send nothing keep nobody waiting", async () => {
  await withoutHarm(usual, async (server) => {
    const sockets = await Promise.all(Array.from({ length: 300 }, () => connected(server.url)));
    assert.equal((await server.call("configuration/get")).status, 200);
    for (const socket of sockets) socket.destroy();
  });
});

test("a client that resets its connection at any point harms nobody", async () => {
  await withoutHarm(narrow, async (server) => {
    const bytes = request({ line: `POST ${path} HTTP/1.1` });
    for (let length = 0; length <= bytes.length; length += 40) {
      const socket = await connected(server.url);
      socket.write(bytes.slice(0, length));
      socket.resetAndDestroy();
      await once(socket, "close");
    }
  });
});
