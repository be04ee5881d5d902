import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { connected } from "../../support/delivery/raw-socket.ts";
import { sharedSandbox, startSandbox, type TestServer } from "../../support/server/server.ts";
import { withoutHarm } from "../../support/server/without-harm.ts";
import { credentials } from "../../support/server/world.ts";

const usual = sharedSandbox();
const narrow = sharedSandbox({ "body-limit": "4096" });

const tokens = JSON.stringify(credentials).slice(1, -1);

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
  ["an expectation that the server does not know", withHeader("Expect: 200-ok"), [200]],
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

test("hundreds of connections that send nothing keep no caller waiting", async () => {
  await withoutHarm(usual, async (server) => {
    const sockets = await Promise.all(Array.from({ length: 300 }, () => connected(server.url)));
    assert.equal((await server.call("configuration/get")).status, 200);
    for (const socket of sockets) socket.destroy();
  });
});

test("a client that resets its connection at any point harms no other", async () => {
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
