import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { test } from "node:test";
import type { FastifyInstance } from "fastify";
import { connected } from "../../support/delivery/raw-socket.ts";
import { startBareServer } from "../../support/server/bare-server.ts";

/** A route whose requests are worked on until the test says that they are done. */
function slowRoute() {
  const events = new EventEmitter<{ begun: []; done: [] }>();
  const add = (server: FastifyInstance) =>
    server.post("/slow", async () => {
      const done = once(events, "done");
      events.emit("begun");
      await done;
      return "done";
    });
  return { events, add };
}

const withheld = "POST /slow HTTP/1.1\r\nHost: innbox\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{";

async function handshake(url: string): Promise<string> {
  const socket = await connected(url);
  socket.write("GET /socket HTTP/1.1\r\nHost: innbox\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  const [answer] = await once(socket, "data");
  socket.destroy();
  return String(answer).slice(9, 12);
}

test("over the load limit requests and WebSockets are answered 503, and served when there is room again", async (t) => {
  const { events, add } = slowRoute();
  const { url } = await startBareServer(t, { "load-limit": "2" }, ({ fastify, onUpgrade }) => {
    add(fastify);
    fastify.get("/quick", async () => "quick");
    onUpgrade("/socket", async ({ socket }) => {
      socket.end("HTTP/1.1 101 Switching Protocols\r\n\r\n");
      return { clientId: "client" };
    });
  });
  const ask = async () => fetch(`${url}/quick`);
  const answers: Promise<Response>[] = [];
  for (const path of ["/slow", "/slow"]) {
    const begun = once(events, "begun");
    answers.push(fetch(`${url}${path}`, { method: "POST" }));
    await begun;
  }
  const refused = await ask();
  assert.equal(refused.status, 503);
  assert.match(refused.headers.get("Retry-After") ?? "", /^[1-9]\d*$/);
  assert.equal(await handshake(url), "503");
  events.emit("done");
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  assert.deepEqual(statuses, [200, 200]);
  assert.equal((await ask()).status, 200);
  assert.equal(await handshake(url), "101");
});

test("a client that goes away while its request is worked on makes room for others", async (t) => {
  const { events, add } = slowRoute();
  const left = new EventEmitter<{ left: [] }>();
  const { url } = await startBareServer(t, { "load-limit": "1" }, ({ fastify }) => {
    fastify.addHook("preHandler", (request, reply, done) => {
      // Behind the server's own listener.
      if (request.method === "POST") reply.raw.once("close", () => left.emit("left"));
      done();
    });
    add(fastify);
    fastify.get("/quick", async () => "quick");
  });
  const leaving = new AbortController();
  const begun = once(events, "begun");
  const answer = fetch(`${url}/slow`, { method: "POST", signal: leaving.signal });
  await begun;
  assert.equal((await fetch(`${url}/quick`)).status, 503);
  const gone = once(left, "left");
  leaving.abort();
  await assert.rejects(answer);
  await gone;
  assert.equal((await fetch(`${url}/quick`)).status, 200);
  events.emit("done");
});

test("requests whose bodies do not end are no load: those who send theirs are served", async (t) => {
  const { url } = await startBareServer(t, { "load-limit": "1" }, ({ fastify }) => {
    fastify.post("/slow", async () => "done");
  });
  const sockets = await Promise.all(Array.from({ length: 20 }, () => connected(url)));
  for (const socket of sockets) socket.write(withheld);
  assert.equal((await fetch(`${url}/slow`, { method: "POST", body: "{}" })).status, 200);
  for (const socket of sockets) socket.destroy();
});
