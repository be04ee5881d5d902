import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import type { Socket } from "node:net";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { demoTokens } from "../../src/sandbox/demo/demo-world.ts";
import { connected } from "../support/delivery/raw-socket.ts";
import { call, npmStart, startServer } from "../support/server/process.ts";
import { newDatabase } from "../support/server/server.ts";

const guest = { OriginalSender: "Jane", Subject: "A matter that is under way" };

/** A request whose second half is still to come. */
async function halfSent(t: TestContext, url: string) {
  const { hostname } = new URL(url);
  const body = JSON.stringify({ ...demoTokens, Client: "Test", ...guest });
  const socket = await connected(url);
  t.after(() => socket.destroy());
  const answer = text(socket);
  const head = `Host: ${hostname}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
  const line = "POST /api/connector/v1/messageThreads/add HTTP/1.1";
  await sent(socket, `${line}\r\n${head}\r\n\r\n${body.slice(0, 20)}`);
  return { complete: () => sent(socket, body.slice(20)), answer };
}

function sent(socket: Socket, part: string): Promise<void> {
  return new Promise((resolve, reject) => socket.write(part, (error) => (error ? reject(error) : resolve())));
}

/** A caller that keeps one connection open, as partners do. */
function keptAlive(t: TestContext, url: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  return async (path = "/health/ready") => {
    const outgoing = request(url + path, { agent });
    outgoing.end();
    const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
    await text(answer);
    return { status: answer.statusCode, retryAfter: answer.headers["retry-after"], isReused: outgoing.reusedSocket };
  };
}

/** Sends `signal` while a request is half sent and a connection is open; resolves when the server is stopping. */
async function stopping(t: TestContext, signal: "SIGTERM" | "SIGINT") {
  const server = await startServer(t, "dev", newDatabase(t));
  const half = await halfSent(t, server.url);
  const ask = keptAlive(t, server.url);
  // Answered twice: the server has been round its event loop and has the half-sent request too.
  assert.deepEqual([(await ask()).status, (await ask()).status], [200, 200]);
  server.child.kill(signal);
  let answer = await ask();
  // The signal takes its way; what arrives before it is served.
  while (answer.status === 200) answer = await ask();
  return { ...server, half, ask, answer };
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`on ${signal} what is under way is finished, new requests are refused with 503, and the exit code is 0`, async (t) => {
    const { half, ask, answer, ended, stderr } = await stopping(t, signal);
    assert.equal(answer.status, 503);
    assert.ok(answer.isReused);
    assert.match(answer.retryAfter ?? "", /^[1-9]\d*$/);
    assert.equal((await ask("/health/live")).status, 200, "a process that is finishing still lives");
    await half.complete();
    const finished = await half.answer;
    assert.match(finished, /^HTTP\/1\.1 200 OK\r\n/);
    assert.ok(finished.includes(guest.Subject));
    assert.equal((await ended).exitCode, 0);
    assert.equal(stderr(), "");
  });

  test(`a second ${signal} ends the server at once, whatever is under way`, async (t) => {
    const { half, child, ended } = await stopping(t, signal);
    child.kill(signal);
    // Had it waited for the request until its patience ended, the exit code would be 0.
    assert.equal((await ended).exitCode, 1);
    assert.equal(await half.answer.catch(() => ""), "");
  });
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`${signal} to npm start reaches the server and leaves nothing behind`, async (t) => {
    const { url, child, ended } = await npmStart(t, newDatabase(t));
    assert.equal((await call(url, "configuration/get")).status, 200);
    child.kill(signal);
    // Ends only when no process, not even a child of npm's, holds its output.
    assert.equal((await ended).exitCode, 0);
    await assert.rejects(fetch(url));
  });
}
